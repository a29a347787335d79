import numpy as np

from spark_assets.contracts.explanations import Topic
from spark_assets.modelling.reasons import Spoken, Topics

TOPICS = Topics(("adverts_7d", "songs_7d", "adverts_30d", "days_known"))


def test_contributions_of_a_topic_are_summed_and_the_leader_pulls_the_same_way() -> None:
    found = TOPICS.weightiest(np.array([[-0.5, 0.1, 0.7, 0.0], [0.3, -0.9, -0.1, 0.1]]), most=2)
    assert [[(each.topic, round(each.total, 9), each.leader) for each in row] for row in found] == [
        [(Topic.ADVERTS, 0.2, 2), (Topic.SONGS, 0.1, 1)],
        [(Topic.SONGS, -0.9, 1), (Topic.ADVERTS, 0.2, 0)],
    ]


def test_what_weighs_hardly_anything_is_not_spoken_of() -> None:
    assert TOPICS.weightiest(np.array([[0.0, 0.0009, 0.0, -0.001]]), most=5) == [[Spoken(Topic.AGE, -0.001, 3)]]


def test_total_of_a_topic() -> None:
    assert TOPICS.total(np.array([0.5, 9.0, 0.25, 9.0]), Topic.ADVERTS) == 0.75
