from datetime import date
from pathlib import Path

import pytest
from pyspark.ml import Pipeline, PipelineModel
from pyspark.sql import SparkSession

from spark_assets.modelling import store

AS_OF = date(2018, 12, 1)


@pytest.fixture
def model(spark: SparkSession) -> PipelineModel:
    return Pipeline(stages=[]).fit(spark.range(1))


def test_versions_of_a_date_are_numbered(tmp_path: Path, model: PipelineModel) -> None:
    lake = str(tmp_path)
    assert store.new_version(lake, AS_OF) == "2018-12-01.1"
    for number in range(1, 4):
        assert store.new_version(lake, AS_OF) == f"2018-12-01.{number}"
        store.save(lake, f"2018-12-01.{number}", model, {})
    (tmp_path / "trained_model" / "2018-12-01.10").mkdir()
    (tmp_path / "trained_model" / "2018-12-01.10" / "card.json").write_text("{}")
    assert store.new_version(lake, AS_OF) == "2018-12-01.11"
    assert store.new_version(lake, date(2018, 12, 2)) == "2018-12-02.1"


def test_what_was_saved_is_loaded(tmp_path: Path, model: PipelineModel, spark: SparkSession) -> None:
    store.save(str(tmp_path), "2018-12-01.1", model, {"metrics": {"roc_auc": 0.7}})
    assert store.load_card(str(tmp_path), "2018-12-01.1") == {"metrics": {"roc_auc": 0.7}}
    loaded = store.load_model(str(tmp_path), "2018-12-01.1")
    assert loaded.transform(spark.range(3)).count() == 3


def test_the_champion_is_who_was_named_last(tmp_path: Path, model: PipelineModel) -> None:
    lake = str(tmp_path)
    assert store.champion(lake) is None
    for version in ("2018-12-01.1", "2018-12-01.2"):
        store.save(lake, version, model, {})
        store.make_champion(lake, version)
        assert store.champion(lake) == version
    store.make_champion(lake, "2018-12-01.1")
    assert store.champion(lake) == "2018-12-01.1"


def test_a_folder_without_a_card_is_no_version_and_its_number_is_not_used_again(tmp_path: Path) -> None:
    lake = str(tmp_path)
    half_saved = tmp_path / "trained_model" / "2018-12-01.1" / "pipeline"
    half_saved.mkdir(parents=True)
    (half_saved / "part-0").write_text("")
    with pytest.raises(FileNotFoundError):
        store.make_champion(lake, "2018-12-01.1")
    assert store.champion(lake) is None
    assert store.new_version(lake, AS_OF) == "2018-12-01.2"


def test_the_last_attempt_tells_why_it_gave_no_model(tmp_path: Path) -> None:
    lake = str(tmp_path)
    assert store.last_reason(lake) is None
    store.note_attempt(lake, "too few leavers")
    assert store.last_reason(lake) == "too few leavers"
    store.note_attempt(lake, None)
    assert store.last_reason(lake) is None
