import pytest

from tests.webportal.told import MODEL_FACTS
from webportal.customers.detail.risk import Fit, read_of_a_hundred
from webportal.customers.models import CustomerSnapshot, Snapshot

ROWS = [
    {"least": 0.3, "greatest": 0.6, "examples": 50, "leavers": 20, "rate": 0.4, "low": 0.276, "high": 0.538},
    {"least": 0.1, "greatest": 0.2, "examples": 250, "leavers": 25, "rate": 0.1, "low": 0.068, "high": 0.144},
    {"least": 0.01, "greatest": 0.05, "examples": 400, "leavers": 1, "rate": 0.0025, "low": 0.0, "high": 0.014},
]


def snapshot(**changes: object) -> Snapshot:
    return Snapshot(model_facts={**MODEL_FACTS, "of_a_hundred": ROWS, **changes})


@pytest.mark.parametrize(
    ("score", "left", "fit"),
    [
        (0.3, 40, Fit.WITHIN),
        (0.6, 40, Fit.WITHIN),
        (0.95, 40, Fit.ABOVE),
        (0.24, 10, Fit.NEAR),
        (0.27, 40, Fit.NEAR),
        (0.02, 0, Fit.WITHIN),
        (0.001, 0, Fit.BELOW),
        (0.60049, 40, Fit.WITHIN),  # as the page writes it: 60.0 %
        (0.60051, 40, Fit.ABOVE),
        (0.0996, 10, Fit.WITHIN),
    ],
)
def test_a_score_is_told_by_the_row_that_spans_it_or_the_nearest(score: float, left: int, fit: Fit) -> None:
    found = read_of_a_hundred(CustomerSnapshot(churn_probability=score), snapshot())
    assert found is not None
    assert (found.left, found.fit) == (left, fit)


def test_sample_and_interval_come_along() -> None:
    found = read_of_a_hundred(CustomerSnapshot(churn_probability=0.4), snapshot())
    assert found is not None
    assert (found.leavers, found.examples, found.low, found.high) == (20, 50, 28, 54)
    assert (found.least, found.greatest) == (30.0, 60.0)


def test_nothing_is_told_without_a_score_or_a_table() -> None:
    scored = CustomerSnapshot(churn_probability=0.4)
    assert read_of_a_hundred(CustomerSnapshot(churn_probability=None), snapshot()) is None
    assert read_of_a_hundred(scored, Snapshot(model_facts=None)) is None
    assert read_of_a_hundred(scored, snapshot(of_a_hundred=[])) is None
    older = {name: fact for name, fact in MODEL_FACTS.items() if name != "of_a_hundred"}
    assert read_of_a_hundred(scored, Snapshot(model_facts=older)) is None
