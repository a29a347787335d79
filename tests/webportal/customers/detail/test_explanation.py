from spark_assets.contracts.explanations import Topic
from webportal.customers.detail.explanation import TOPIC_NAMES, topic_name


def test_every_topic_has_a_name_of_its_own() -> None:
    assert set(TOPIC_NAMES) == set(Topic)
    assert len({str(name) for name in TOPIC_NAMES.values()}) == len(Topic)


def test_a_topic_of_a_newer_publisher_is_shown_as_its_key() -> None:
    assert topic_name("podcasts") == "podcasts"
