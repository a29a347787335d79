"""Features and scores of past days on a lake of simulated logs, beside those that the pipeline made."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import MissingTableError, SettingsError
from spark_assets.estimators.logistic_regression import logistic
from spark_assets.lake.sample_logs import SAMPLE_MARK
from spark_assets.lake.schema import CHURN_SCORES, PAST_FEATURES, PAST_SCORES, USER_FEATURES
from spark_assets.lake.tables import as_of_dates, as_of_folder, read_table, table_info
from spark_assets.modelling import training as train_module
from spark_assets.steps import churn_scores, past_features, past_scores, trained_model
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.spark_assets.steps.lakes import copy_of

pytestmark = pytest.mark.slow("past days of a whole lake")

LAST = date(2018, 11, 9)
PAST = date(2018, 10, 20)


@pytest.fixture(scope="module")
def lake(spark: SparkSession, simulated: StepParams, tmp_path_factory: pytest.TempPathFactory) -> StepParams:
    """A lake with features and scores as of its last day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_module, "candidates", lambda *_: [logistic(0.05)])
        params = copy_of(simulated, tmp_path_factory.mktemp("past"))
        trained_model.run(spark, params)
        churn_scores.run(spark, params)
        return params


def _at(lake: StepParams, day: date) -> StepParams:
    return replace(lake, as_of=day.isoformat())


def test_the_last_day_is_what_the_pipeline_made_of_it(spark: SparkSession, lake: StepParams) -> None:
    past_features.run(spark, _at(lake, LAST))
    facts = past_scores.run(spark, _at(lake, LAST)).facts
    for name, past in ((USER_FEATURES, PAST_FEATURES), (CHURN_SCORES, PAST_SCORES)):
        made = read_table(spark, lake.lake, name).orderBy("user_id").collect()
        assert read_table(spark, lake.lake, as_of_folder(past, LAST)).orderBy("user_id").collect() == made
        assert made
    assert facts["model_knew_later_days"] is False
    assert facts["band_floors"] == table_info(lake.lake, CHURN_SCORES)["band_floors"]


def test_a_past_day_knows_nothing_of_what_came_later(spark: SparkSession, lake: StepParams, tmp_path: Path) -> None:
    past_features.run(spark, _at(lake, PAST))
    facts = past_scores.run(spark, _at(lake, PAST)).facts
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    logged = [log for log in Path(lake.inbox).iterdir() if log.name.removeprefix(SAMPLE_MARK)[:10] <= PAST.isoformat()]
    for log in logged:
        (inbox / log.name).symlink_to(log)
    then = replace(lake, inbox=str(inbox), lake=str(tmp_path / "lake"))
    for step in ("ingest_logs", "daily_activity", "user_features"):
        run_step(step, spark, then)
    known_then = read_table(spark, then.lake, USER_FEATURES).orderBy("user_id").collect()
    assert read_table(spark, lake.lake, as_of_folder(PAST_FEATURES, PAST)).orderBy("user_id").collect() == known_then
    scored = read_table(spark, lake.lake, as_of_folder(PAST_SCORES, PAST))
    alive = [row["user_id"] for row in known_then if row["cancelled_on"] is None]
    assert [row["user_id"] for row in scored.orderBy("user_id").collect()] == alive
    assert scored.where(F.col("churn_probability").between(0, 1)).count() == len(alive)
    assert (facts["as_of"], facts["model_knew_later_days"]) == (PAST.isoformat(), True)


def test_each_day_stands_by_itself(spark: SparkSession, lake: StepParams) -> None:
    for day in (date(2018, 10, 12), date(2018, 10, 11)):
        past_features.run(spark, _at(lake, day))
    assert {date(2018, 10, 11), date(2018, 10, 12)} <= set(as_of_dates(lake.lake, PAST_FEATURES))
    kept = table_info(lake.lake, as_of_folder(PAST_FEATURES, date(2018, 10, 11)))
    past_features.run(spark, _at(lake, date(2018, 10, 12)))
    assert table_info(lake.lake, as_of_folder(PAST_FEATURES, date(2018, 10, 11))) == kept


@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("2018-09-30", r"as_of must be a day of the logs, 2018-10-01 to 2018-11-09, got 2018-09-30\."),
        ("2018-11-10", r"got 2018-11-10\."),
        ("", r"as_of must be a day as 2018-11-30, got ''\."),
    ],
)
def test_a_day_without_logs_is_refused(spark: SparkSession, lake: StepParams, as_of: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        past_features.run(spark, replace(lake, as_of=as_of))


def test_scores_need_that_days_features_and_a_model(spark: SparkSession, lake: StepParams, tmp_path: Path) -> None:
    with pytest.raises(MissingTableError, match="past_features/as_of=2018-10-02 has not been materialized yet"):
        past_scores.run(spark, _at(lake, date(2018, 10, 2)))
    with pytest.raises(MissingTableError, match="No model has been trained yet: materialize trained_model"):
        past_scores.run(spark, replace(_at(lake, PAST), lake=str(tmp_path)))
