"""The candidates that a search tries."""

import pytest

from spark_assets.estimators import candidates
from spark_assets.estimators.xgboost import MANY_LEAVERS

pytestmark = pytest.mark.usefixtures("spark")  # Spark's estimators cannot be described without a session


@pytest.mark.parametrize(("leavers", "rounds"), [(MANY_LEAVERS - 1, [150]), (MANY_LEAVERS, [150, 400])])
def test_only_many_leavers_earn_the_longest_fit(leavers: int, rounds: list[int]) -> None:
    tried = candidates(1, leavers)
    assert [item.settings["n_estimators"] for item in tried if item.name == "XGBoost"] == rounds


def test_the_simplest_come_first_and_none_comes_twice() -> None:
    tried = candidates(1, MANY_LEAVERS)
    assert list(dict.fromkeys(item.name for item in tried)) == ["LogisticRegression", "RandomForest", "XGBoost"]
    told = [(item.name, item.settings) for item in tried]
    assert all(found not in told[:place] for place, found in enumerate(told))
