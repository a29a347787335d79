from datetime import date
from pathlib import Path

import pytest
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import SQLTransformer
from pyspark.sql import SparkSession

from spark_assets.modelling import model_store
from spark_assets.modelling.model_store import UnknownVersionError

AS_OF = date(2018, 12, 1)


@pytest.fixture
def model(spark: SparkSession) -> PipelineModel:
    return Pipeline(stages=[]).fit(spark.range(1))


def test_versions_of_a_date_are_numbered(tmp_path: Path, model: PipelineModel) -> None:
    lake = str(tmp_path)
    assert model_store.new_version(lake, AS_OF) == "2018-12-01.1"
    for number in range(1, 4):
        assert model_store.new_version(lake, AS_OF) == f"2018-12-01.{number}"
        model_store.save(lake, f"2018-12-01.{number}", model, model, {})
    (tmp_path / "trained_model" / "2018-12-01.10").mkdir()
    (tmp_path / "trained_model" / "2018-12-01.10" / "card.json").write_text("{}")
    assert model_store.new_version(lake, AS_OF) == "2018-12-01.11"
    assert model_store.new_version(lake, date(2018, 12, 2)) == "2018-12-02.1"


def test_what_was_saved_is_loaded(tmp_path: Path, model: PipelineModel, spark: SparkSession) -> None:
    lake = str(tmp_path / "[a] {b}*?\\ %20#,é")
    judged = Pipeline(stages=[SQLTransformer(statement="SELECT *, 1 AS one FROM __THIS__")]).fit(spark.range(1))
    model_store.save(lake, "2018-12-01.1", model, judged, {"metrics": {"roc_auc": 0.7}})
    assert model_store.load_card(lake, "2018-12-01.1") == {"metrics": {"roc_auc": 0.7}}
    loaded = model_store.load_model(lake, "2018-12-01.1")
    assert loaded.transform(spark.range(3)).columns == ["id"]
    assert model_store.load_judged(lake, "2018-12-01.1").transform(spark.range(3)).columns == ["id", "one"]


def test_the_champion_is_who_was_named_last(tmp_path: Path, model: PipelineModel) -> None:
    lake = str(tmp_path)
    assert model_store.champion(lake) is None
    for version in ("2018-12-01.1", "2018-12-01.2"):
        model_store.save(lake, version, model, model, {})
        model_store.make_champion(lake, version)
        assert model_store.champion(lake) == version
    model_store.make_champion(lake, "2018-12-01.1")
    assert model_store.champion(lake) == "2018-12-01.1"


def test_a_folder_without_a_card_is_no_version_and_goes_with_the_next_save(
    tmp_path: Path, model: PipelineModel
) -> None:
    lake = str(tmp_path)
    for version in ("2018-12-01.1", "2018-11-30.4"):
        half_saved = tmp_path / "trained_model" / version / "pipeline"
        half_saved.mkdir(parents=True)
        (half_saved / "part-0").write_text("")
    with pytest.raises(UnknownVersionError, match="none has been saved yet: materialize trained_model"):
        model_store.make_champion(lake, "2018-12-01.1")
    assert model_store.versions(lake) == []
    assert model_store.champion(lake) is None
    assert model_store.new_version(lake, AS_OF) == "2018-12-01.1"
    model_store.save(lake, "2018-12-01.1", model, model, {})
    assert model_store.versions(lake) == ["2018-12-01.1"]
    assert not list(tmp_path.rglob("part-0"))
    assert not (tmp_path / "trained_model" / "2018-11-30.4").exists()


def test_a_training_killed_before_its_first_file_does_not_stop_the_next(tmp_path: Path, model: PipelineModel) -> None:
    for part in ("pipeline", "judged"):
        (tmp_path / "trained_model" / "2018-12-01.1" / part / "metadata" / "_temporary").mkdir(parents=True)
    model_store.save(str(tmp_path), "2018-12-01.1", model, model, {})
    assert model_store.load_model(str(tmp_path), "2018-12-01.1").stages == []
    assert not list(tmp_path.rglob("_temporary"))


def test_an_unknown_version_is_refused_with_the_known_ones_in_their_order(tmp_path: Path) -> None:
    for version in ("2018-12-01.10", "2018-12-01.9", "2018-11-30.1"):
        (tmp_path / "trained_model" / version).mkdir(parents=True)
        (tmp_path / "trained_model" / version / "card.json").write_text("{}")
    known = r"2018-11-30\.1, 2018-12-01\.9, 2018-12-01\.10"
    with pytest.raises(UnknownVersionError, match=rf"There is no model version '2018-12-01': one of {known}\."):
        model_store.make_champion(str(tmp_path), "2018-12-01")
    assert model_store.champion(str(tmp_path)) is None


def test_the_last_attempt_is_remembered(tmp_path: Path) -> None:
    lake = str(tmp_path)
    assert model_store.last_attempt(lake) == {}
    model_store.note_attempt(lake, {"reason": "too few leavers"})
    assert model_store.last_attempt(lake) == {"reason": "too few leavers"}
    model_store.note_attempt(lake, {"reason": None})
    assert model_store.last_attempt(lake) == {"reason": None}
