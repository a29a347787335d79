import pytest

from tests.webportal.told import MODEL_FACTS
from webportal.customers.models import Snapshot
from webportal.insights.overview import read_drivers

DRIVERS = {
    "adverts_7d": {"raises": 5, "lowers": 1, "weight": 0.2},
    "songs_7d": {"raises": 2, "lowers": 2, "weight": 0.3},
    "adverts_14d": {"raises": 1, "lowers": 0, "weight": 0.4},
    "invented": {"raises": 1, "lowers": 0, "weight": 0.01},
}
FACTS = {**MODEL_FACTS, "features": {**MODEL_FACTS["features"], "adverts_14d": {"topic": "adverts", "typical": 1.0}}}


def test_features_of_one_topic_add_up_and_the_weightiest_comes_first() -> None:
    found = read_drivers(Snapshot(summary={"drivers": DRIVERS}, model_facts=FACTS))
    assert [(str(each.topic), each.raises, each.lowers) for each in found] == [
        ("Adverts", 6, 1),
        ("Songs and days with music", 2, 2),
        ("invented", 1, 0),
    ]
    assert [each.weight for each in found] == pytest.approx([0.6, 0.3, 0.01])
    assert [each.length for each in found] == pytest.approx([100, 50, 100 / 60])


def test_snapshots_of_before_have_none() -> None:
    assert read_drivers(Snapshot(summary={}, model_facts=FACTS)) == []
    assert read_drivers(Snapshot(summary={"drivers": DRIVERS}, model_facts=None)) == []
