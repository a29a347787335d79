"""The step moves the pointer, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.lake import storage
from spark_assets.modelling import model_store
from spark_assets.modelling.model_store import UnknownVersionError
from spark_assets.steps import promote_model
from spark_assets.steps.settings import StepParams

FIRST, SECOND = "2018-12-01.1", "2018-12-01.2"


@pytest.fixture
def params(tmp_path: Path) -> StepParams:
    """A lake with two versions, of which the first is the champion; promoting asks for their cards alone."""
    for version in (FIRST, SECOND):
        storage.write_json(str(tmp_path / "trained_model" / version / "card.json"), {"version": version})
    model_store.make_champion(str(tmp_path), FIRST)
    model_store.note_attempt(str(tmp_path), {"reason": "worse", "version": SECOND})
    return StepParams("", str(tmp_path), version=SECOND)


def test_the_version_named_becomes_the_champion(spark: SparkSession, params: StepParams) -> None:
    result = promote_model.run(spark, params)
    assert (result.rows, result.facts) == (1, {"champion": SECOND, "before": FIRST})
    assert model_store.champion(params.lake) == SECOND
    assert model_store.versions(params.lake) == [FIRST, SECOND]
    assert model_store.last_attempt(params.lake) == {"reason": "worse", "version": SECOND}


def test_an_older_one_can_come_back(spark: SparkSession, params: StepParams) -> None:
    promote_model.run(spark, params)
    result = promote_model.run(spark, replace(params, version=FIRST))
    assert result.facts == {"champion": FIRST, "before": SECOND}


@pytest.mark.parametrize("version", ["", "2018-12-01", "2018-12-02.1"])
def test_an_unknown_version_is_refused_and_those_there_are_named(
    spark: SparkSession, params: StepParams, version: str
) -> None:
    with pytest.raises(UnknownVersionError, match=f"version '{version}': one of {FIRST}, {SECOND}"):
        promote_model.run(spark, replace(params, version=version))
    assert model_store.champion(params.lake) == FIRST


def test_before_the_first_model_there_is_nothing_to_promote(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(UnknownVersionError, match="none has been saved yet: materialize trained_model"):
        promote_model.run(spark, StepParams("", str(tmp_path), version=FIRST))
    assert model_store.champion(str(tmp_path)) is None
