import json
from datetime import date, timedelta
from typing import Any

import pytest

from spark_assets.contracts.explanations import DoubtCode
from tests.webportal.publishing import AS_OF
from tests.webportal.told import MODEL_FACTS
from webportal.customers.detail.warnings import TITLES, read_doubts
from webportal.customers.models import CustomerSnapshot, Snapshot

SOON = AS_OF + timedelta(days=3)


def told(today: date = SOON, doubts: object = None, scored: bool = True, **facts: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any fact
    customer = CustomerSnapshot(
        churn_probability=0.3 if scored else None, doubts=json.dumps(doubts) if doubts else None
    )
    snapshot = Snapshot(as_of_date=AS_OF, model_facts={**MODEL_FACTS, **facts})
    return [(str(each.title), each.text) for each in read_doubts(customer, snapshot, today)]


def test_every_code_has_a_title() -> None:
    assert set(TITLES) == set(DoubtCode)


def test_nothing_to_doubt() -> None:
    assert told() == []


def test_the_customers_own_come_first() -> None:
    own = [{"c": "new", "s": "Known from the logs for 3 days only; below 14 says little."}]
    assert told(AS_OF + timedelta(days=4), own) == [
        ("Too new", "Known from the logs for 3 days only; below 14 says little."),
        ("Old logs", "The logs end 4 days ago."),
    ]


def test_age_counts_on_the_day_of_reading_not_of_publishing() -> None:
    made = date.fromisoformat(MODEL_FACTS["made_on"])
    assert told(made + timedelta(days=35), stale_after_days=999) == []
    assert told(made + timedelta(days=36), stale_after_days=999) == [
        ("Old model", "The model was trained 36 days ago.")
    ]


def test_a_shifted_population_names_what_moved_most() -> None:
    shifted = {"Errors": 0.3, "Songs": 2.0, "Adverts": 1.0, "Days known": 5.0}
    assert told(shifted=shifted) == [
        (
            "Customers have changed",
            "In 4 features customers are no longer as the model learned them, most of all: Days known; Songs; Adverts.",
        )
    ]
    assert told(shifted={"Errors": 0.3})[0][1] == (
        "In 1 feature customers are no longer as the model learned them: Errors."
    )


def test_too_few_leavers_to_judge_the_model_are_told_and_enough_are_not() -> None:
    assert told(judged_on={"examples": 1_192, "leavers": 2}) == [
        ("Model not judged", "Of the 1,192 customers that judge the model, 2 left: too few to tell how good it is.")
    ]
    assert told(judged_on={"examples": 192, "leavers": 8}) == told(judged_on=None) == []


def test_a_model_without_skill_is_told() -> None:
    assert told(flattened=True) == [
        (
            "Model cannot tell who is at risk",
            "On customers it had not seen the model showed no skill, so all get about the same probability.",
        )
    ]
    assert told(flattened=False) == []


def test_without_a_score_there_is_nothing_to_doubt() -> None:
    assert told(date(2026, 1, 1), scored=False) == []


@pytest.mark.parametrize(
    ("previous", "doubted"),
    [
        (None, False),
        ({"as_of": "2018-11-24", "same_model": True}, False),
        ({"as_of": "2018-11-24", "same_model": False}, True),
    ],
)
def test_another_model_than_last_time_is_told(previous: object, doubted: bool) -> None:
    changed = [doubt for doubt in told(previous=previous) if doubt[0] == "Model changed"]
    expected = "Another model scored on 24 Nov 2018; a probability that differs from then may differ for that alone."
    assert changed == ([("Model changed", expected)] if doubted else [])
