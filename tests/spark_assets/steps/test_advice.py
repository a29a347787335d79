"""What an error's text advises is done to the letter, and the lake works again."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import DamagedFileError, MissingColumnsError, MissingTableError
from spark_assets.estimators.random_forest import forest
from spark_assets.lake import storage
from spark_assets.lake.schema import CHURN_SCORES, TRAINING_EXAMPLES, USER_FEATURES
from spark_assets.lake.tables import read_table, table_info
from spark_assets.modelling import training as train_module
from spark_assets.modelling.model_store import UnknownVersionError
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.spark_assets.steps.lakes import copy_of

pytestmark = pytest.mark.slow("each advice of an error text is followed, with trained models")

FEW = ("days_since_last_seen", "days_listened", "songs_7d", "songs_trend_7d", "adverts_7d", "thumbs_down_share_30d")
FIRST, SECOND, THIRD = (f"2018-11-09.{number}" for number in (1, 2, 3))
DAY = "2018-11-05"
WEEKLY = {"retrain_every_days": 7}


@pytest.fixture(scope="module", autouse=True)
def _small_search() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "MODEL_FEATURES", FEW)
        patch.setattr(train_module, "candidates", lambda seed, _: [forest(3, seed)])
        yield


@pytest.fixture(autouse=True)
def _portal(migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the checks look for the last snapshot."""
    monkeypatch.setenv("PUBLISH_DATABASE_URL", migrated)


@pytest.fixture(scope="module")
def made(
    spark: SparkSession, simulated: StepParams, tmp_path_factory: pytest.TempPathFactory, _small_search: None
) -> StepParams:
    """A lake with two versions, the second the champion and the newest, its scores, and a past day."""
    params = replace(copy_of(simulated, tmp_path_factory.mktemp("made")), retrain_every_days=0)
    for _ in range(2):
        run_step("trained_model", spark, params)
    run_step("promote_model", spark, replace(params, version=SECOND))
    run_step("churn_scores", spark, params)
    for step in ("past_features", "past_scores"):
        run_step(step, spark, replace(params, as_of=DAY))
    return replace(params, **WEEKLY)  # type: ignore[arg-type]


@pytest.fixture
def lake(made: StepParams, tmp_path: Path) -> StepParams:
    """A copy that a test may damage."""
    return copy_of(made, tmp_path)


def folder(params: StepParams, version: str) -> Path:
    return Path(params.lake, "trained_model", version)


def scores(spark: SparkSession, params: StepParams) -> list[str]:
    return sorted(
        map(repr, read_table(spark, params.lake, CHURN_SCORES).select("user_id", "churn_probability").collect())
    )


@pytest.mark.parametrize(
    ("damaged", "met_by"),
    [
        ("pipeline/stages", "churn_scores"),
        ("pipeline/metadata", "churn_scores"),
        ("card.json", "trained_model"),
        ("card.json", "inspect_trained_model"),
    ],
)
def test_a_damaged_champion_is_deleted_and_another_version_promoted(
    spark: SparkSession, lake: StepParams, damaged: str, met_by: str
) -> None:
    damage(folder(lake, SECOND) / damaged)
    with pytest.raises(DamagedFileError, match=rf"trained_model/{SECOND}/.* Delete the folder trained_model/{SECOND} "):
        run_step(met_by, spark, lake)
    shutil.rmtree(folder(lake, SECOND))
    run_step("promote_model", spark, replace(lake, version=FIRST))
    again_and_again(spark, lake, FIRST)


def damage(place: Path) -> None:
    """Delete the files of a folder, or empty a document."""
    if place.is_dir():
        for file in place.rglob("*.parquet") if place.name == "stages" else place.rglob("*"):
            file.unlink()
        if place.name == "metadata":
            place.rmdir()
    else:
        place.write_text("")


def again_and_again(spark: SparkSession, params: StepParams, champion: str) -> None:
    """As each later run does: the champion stays, the next training is not due, and scores come."""
    facts = run_step("trained_model", spark, params).facts
    assert (facts["trained"], facts["champion"]) == (False, champion), facts
    assert facts["reason"].startswith(f"Training is not due: version {champion}")
    run_step("inspect_trained_model", spark, params)
    run_step("churn_scores", spark, params)
    run_step("inspect_churn_scores", spark, params)
    assert table_info(params.lake, CHURN_SCORES)["model_version"] == champion


def test_another_version_is_promoted_first_and_the_damaged_folder_deleted_then(
    spark: SparkSession, lake: StepParams
) -> None:
    run_step("promote_model", spark, replace(lake, version=FIRST))
    shutil.rmtree(folder(lake, SECOND))
    again_and_again(spark, lake, FIRST)


def test_the_only_version_is_damaged_and_a_new_one_is_trained_in_its_place(
    spark: SparkSession, lake: StepParams
) -> None:
    for version in (FIRST, SECOND):
        shutil.rmtree(folder(lake, version))
    told = f"The champion {SECOND} is gone from the lake: launch the job promote_model with another version, or "
    assert run_step("churn_scores", spark, lake).facts["model_note"].startswith(told)
    with pytest.raises(MissingTableError, match=told):
        run_step("past_scores", spark, replace(lake, as_of=DAY))
    facts = run_step("trained_model", spark, lake).facts
    assert (facts["champion"], facts["why"]) == (THIRD, f"Replaces {SECOND}, whose folder is gone.")
    again_and_again(spark, lake, THIRD)


@pytest.mark.parametrize("pointer", ["champion.json", "last_attempt.json"])
def test_an_unreadable_pointer_of_the_versions(spark: SparkSession, lake: StepParams, pointer: str) -> None:
    Path(lake.lake, "trained_model", pointer).write_text('{"vers')
    told = {"champion.json": "Launch the job promote_model", "last_attempt.json": "Delete this file, then materialize"}
    with pytest.raises(DamagedFileError, match=rf"trained_model/{pointer} .* {told[pointer]}"):
        run_step("trained_model", spark, lake)
    if pointer == "last_attempt.json":
        Path(lake.lake, "trained_model", pointer).unlink()
    else:
        run_step("promote_model", spark, replace(lake, version=SECOND))
    again_and_again(spark, lake, SECOND)


def test_scores_of_a_deleted_version_are_made_anew(spark: SparkSession, lake: StepParams) -> None:
    """Looking at the old scores says what is there, instead of a missing file."""
    run_step("promote_model", spark, replace(lake, version=FIRST))
    shutil.rmtree(folder(lake, SECOND))
    with pytest.raises(UnknownVersionError, match=rf"There is no model version '{SECOND}': one of {FIRST}\."):
        run_step("inspect_churn_scores", spark, lake)
    run_step("churn_scores", spark, lake)
    run_step("inspect_churn_scores", spark, lake)


@pytest.mark.parametrize("older", ["features", "portrait"])
def test_a_champion_of_an_earlier_release_is_replaced_although_training_is_not_due(
    spark: SparkSession, lake: StepParams, older: str
) -> None:
    card = storage.read_json(str(folder(lake, SECOND) / "card.json"))
    changed = {"features": [*card["features"], "songs_on_mars"], "portrait": {}}[older]
    storage.write_json(str(folder(lake, SECOND) / "card.json"), {**card, older: changed})
    error = {"features": MissingColumnsError, "portrait": MissingTableError}[older]
    with pytest.raises(error, match="aterialize trained_model"):
        run_step("churn_scores", spark, lake)
    facts = run_step("trained_model", spark, lake).facts
    assert (facts["trained"], facts["champion"]) == (True, THIRD)
    run_step("churn_scores", spark, lake)


@pytest.mark.parametrize(
    ("table", "met_by", "then"),
    [
        (USER_FEATURES, "churn_scores", ["user_features", "churn_scores"]),
        (TRAINING_EXAMPLES, "trained_model", ["training_examples", "trained_model", "churn_scores"]),
        (CHURN_SCORES, "inspect_churn_scores", ["churn_scores", "inspect_churn_scores"]),
    ],
)
@pytest.mark.parametrize("damaged", ["*.parquet", "_current.json"])
def test_a_damaged_table_is_deleted_and_made_anew(
    spark: SparkSession, lake: StepParams, table: str, met_by: str, then: list[str], damaged: str
) -> None:
    before = scores(spark, lake)
    params = replace(lake, retrain_every_days=0)
    for file in list(Path(lake.lake, table).rglob(damaged)):
        file.write_bytes(b"") if table != CHURN_SCORES or damaged == "_current.json" else file.unlink()
    with pytest.raises(DamagedFileError, match=f"Delete the folder {table} of the lake and materialize {table} anew"):
        run_step(met_by, spark, params)
    shutil.rmtree(Path(lake.lake, table))
    for step in then:
        run_step(step, spark, params)
    assert scores(spark, lake) == before


@pytest.mark.parametrize("table", ["past_features", "past_scores"])
def test_a_damaged_past_day_is_deleted_and_its_partition_made_anew(
    spark: SparkSession, lake: StepParams, table: str
) -> None:
    place = Path(lake.lake, table, f"as_of={DAY}")
    (place / "_current.json").write_text("")
    if table == "past_features":
        told = rf"Delete the folder {table}/as_of={DAY} of the lake and materialize the partition {DAY} of {table} anew"
        with pytest.raises(DamagedFileError, match=told):
            run_step("past_scores", spark, replace(lake, as_of=DAY))
    shutil.rmtree(place)
    run_step(table, spark, replace(lake, as_of=DAY))
    run_step("past_scores", spark, replace(lake, as_of=DAY))


def test_logs_too_short_for_the_horizon_teach_a_model_of_a_shorter_one(spark: SparkSession, lake: StepParams) -> None:
    long = replace(lake, horizon_days=60)
    run_step("training_examples", spark, long)
    reason = run_step("trained_model", spark, long).facts["reason"]
    assert (
        "no cut-off has a complete horizon of 60 days after it. Drop more days of logs, or choose a shorter" in reason
    )
    run_step("training_examples", spark, lake)
    assert run_step("trained_model", spark, replace(lake, retrain_every_days=0)).facts["trained"]


@pytest.mark.parametrize("missing", ["user_features", "churn_scores", "training_examples"])
def test_a_table_that_was_never_made_is_materialized_first(spark: SparkSession, lake: StepParams, missing: str) -> None:
    needs = {
        "user_features": "churn_scores",
        "churn_scores": "inspect_churn_scores",
        "training_examples": "trained_model",
    }
    shutil.rmtree(Path(lake.lake, missing))
    with pytest.raises(MissingTableError, match=f"{missing} has not been materialized yet: materialize it first"):
        run_step(needs[missing], spark, lake)
    run_step(missing, spark, lake)
    run_step(needs[missing], spark, lake)
