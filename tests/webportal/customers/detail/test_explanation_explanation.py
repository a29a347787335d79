import json
import math
from datetime import date
from typing import Any

import pytest

from tests.webportal.publishing import AS_OF
from tests.webportal.told import CHANGE, MODEL_FACTS, REASONS
from webportal.customers.detail.explanation import read_change, read_explanation
from webportal.customers.models import CustomerSnapshot, Snapshot


def snapshot(**facts: Any) -> Snapshot:  # noqa: ANN401 - any fact
    return Snapshot(as_of_date=AS_OF, model_facts={**MODEL_FACTS, **facts})


def customer(**changes: Any) -> CustomerSnapshot:  # noqa: ANN401 - any column
    columns = {"churn_probability": 0.3, "reasons": REASONS, "change": CHANGE, **changes}
    texts = {name: json.dumps(value) for name, value in columns.items() if isinstance(value, dict | list)}
    return CustomerSnapshot(**{**columns, **texts})


def test_parts_say_which_way_and_how_far() -> None:
    explanation = read_explanation(customer(), snapshot())
    assert explanation is not None
    assert [str(part.topic) for part in explanation.parts[:3]] == [
        "Adverts",
        "Lately against before",
        "Time as a customer",
    ]
    assert [part.raises for part in explanation.parts] == [True, True, False, True, False]
    adverts, _, age = explanation.parts[:3]
    assert adverts.points == pytest.approx(100 * (0.3 - 1 / (1 + math.exp(0.8473 + 0.62))), abs=0.001)
    assert age.points == pytest.approx(100 * (1 / (1 + math.exp(0.8473 - 0.3)) - 0.3), abs=0.001)
    assert (adverts.length, age.length) == (100, pytest.approx(100 * age.points / adverts.points))
    assert explanation.base_percent == pytest.approx(14.185, abs=0.001)


def test_all_else_is_what_is_missing_to_the_score() -> None:
    """Log-odds of 0.3 are -0.847; base and reasons come to -1.04."""
    explanation = read_explanation(customer(), snapshot())
    assert explanation is not None
    assert explanation.others_raise
    assert explanation.others_points == pytest.approx(100 * (0.3 - 0.26112), abs=0.01)
    lower = read_explanation(customer(), snapshot(base=-1.0))
    assert lower is not None
    assert not lower.others_raise


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_a_certain_score_has_reasons_too(probability: float) -> None:
    explanation = read_explanation(customer(churn_probability=probability), snapshot())
    assert explanation is not None
    assert explanation.others_raise == (probability == 1)


def test_nothing_that_weighs_is_an_explanation_without_parts() -> None:
    explanation = read_explanation(customer(reasons=[]), snapshot())
    assert explanation is not None
    assert explanation.parts == ()


@pytest.mark.parametrize("changes", [{"reasons": None}, {"churn_probability": None}])
def test_without_a_score_there_is_none(changes: dict[str, Any]) -> None:
    assert read_explanation(customer(**changes), snapshot()) is None
    assert read_explanation(customer(), Snapshot(as_of_date=AS_OF, model_facts=None)) is None


def test_a_change_tells_then_and_now() -> None:
    change = read_change(customer(), snapshot())
    assert change is not None
    assert (change.since, change.comparable, change.was) == (date(2018, 11, 24), True, pytest.approx(21.4))
    assert (change.difference, change.size) == (8.6, 8.6)
    assert [(str(move.topic), move.up) for move in change.moved] == [
        ("Adverts", True),
        ("Songs and days with music", False),
    ]


def test_the_difference_is_that_of_the_figures_shown() -> None:
    change = read_change(customer(churn_probability=0.2146, change={"p": 0.2144, "m": []}), snapshot())
    assert change is not None
    assert change.difference == 0.1  # 21.5 and 21.4 are on the page


def test_another_model_or_a_new_customer_has_no_numbers() -> None:
    other = read_change(customer(change=None), snapshot(previous={"as_of": "2018-11-24", "same_model": False}))
    assert other is not None
    assert (other.comparable, other.was, other.moved) == (False, None, ())
    new = read_change(customer(change=None), snapshot())
    assert new is not None
    assert (new.comparable, new.was, new.moved) == (True, None, ())


def test_the_first_snapshot_and_a_customer_who_left_have_no_change() -> None:
    assert read_change(customer(), snapshot(previous=None)) is None
    assert read_change(customer(churn_probability=None), snapshot()) is None
