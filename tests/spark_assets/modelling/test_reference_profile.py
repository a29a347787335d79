import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from spark_assets.modelling import reference_profile as module
from spark_assets.modelling.reference_profile import GRID, portrait, sample, single_aucs, stability


def test_a_portrait_holds_deciles_shares_and_the_typical_value() -> None:
    drawn = pd.DataFrame({"songs": [*map(float, range(1, 101))], "gaps": [np.nan] * 50 + [2.0] * 50})
    found = portrait(drawn, ["songs", "gaps"])
    assert found["songs"]["edges"] == pytest.approx(np.quantile(np.arange(1, 101), np.arange(1, 10) / 10))
    assert found["songs"]["shares"] == pytest.approx([0.1] * 10 + [0.0])
    assert found["songs"]["typical"] == 50.5
    assert (found["songs"]["quantiles"][0], found["songs"]["quantiles"][50]) == (pytest.approx(1.099), 50.5)
    assert found["songs"]["mean"] == 50.5
    quantiles = [2.0] * len(GRID)
    shares = {"edges": [2.0], "shares": [0.5, 0.0, 0.5], "rows": 100}
    assert found["gaps"] == {**shares, "typical": 2.0, "quantiles": quantiles, "mean": 2.0}


def test_the_mean_takes_unknown_values_as_typical() -> None:
    drawn = pd.DataFrame({"songs": [1.0, 1.0, 10.0, np.nan]})
    assert portrait(drawn, ["songs"])["songs"]["mean"] == 13 / 4


def test_a_feature_without_a_value_has_a_portrait_too() -> None:
    found = portrait(pd.DataFrame({"songs": [np.nan, np.nan]}), ["songs"])
    shares = {"edges": [], "shares": [0.0, 1.0], "rows": 2}
    assert found == {"songs": {**shares, "typical": None, "quantiles": [], "mean": 0.0}}


def test_what_moved_most_comes_first_and_what_stayed_is_zero() -> None:
    dice = np.random.default_rng(2)
    then = pd.DataFrame({"moved": dice.normal(size=2_000), "stayed": dice.normal(size=2_000)})
    now = then.assign(moved=then["moved"] + 1)
    found = stability(portrait(then, ["stayed", "moved"]), now)
    assert list(found) == ["moved", "stayed"]
    assert found["moved"] > 0.5
    assert found["stayed"] == 0


def test_a_feature_that_knows_the_label_stands_out_in_either_direction() -> None:
    dice = np.random.default_rng(3)
    labels = (dice.random(1_000) < 0.1).astype(float)
    drawn = pd.DataFrame(
        {
            "label": labels,
            "noise": dice.normal(size=1_000),
            "against": -labels,
            "only_known_of_leavers": np.where(labels == 1, 5.0, np.nan),
        }
    )
    found = single_aucs(drawn, ["noise", "against", "only_known_of_leavers"])
    assert (found["against"], found["only_known_of_leavers"]) == (1.0, 1.0)
    assert 0.5 <= found["noise"] < 0.6


def test_one_class_tells_nothing() -> None:
    assert single_aucs(pd.DataFrame({"label": [0.0, 0.0], "songs": [1.0, 2.0]}), ["songs"]) == {}


def test_of_many_rows_the_same_customers_are_drawn_each_time(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SAMPLE", 100)
    rows = [(str(user), float(visit)) for user in range(100) for visit in range(4)]
    frame = spark.createDataFrame(rows, "user_id string, songs double")
    drawn = sample(frame, ["user_id", "songs"])
    assert 60 < len(drawn) < 140
    assert set(drawn.groupby("user_id").size()) == {4}
    again = sample(frame.repartition(3), ["user_id", "songs"])
    assert set(again["user_id"]) == set(drawn["user_id"])
