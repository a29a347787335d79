"""Step `past_scores`: what the champion of now would have said on a past day."""

from datetime import date

from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.errors import MissingTableError
from spark_assets.lake.schema import PAST_FEATURES, PAST_SCORES
from spark_assets.lake.tables import as_of_folder, read_table, replace_table
from spark_assets.modelling import model_store
from spark_assets.steps.churn_scores import no_champion, score, told
from spark_assets.steps.settings import StepParams, StepResult


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Score that day's features of customers who had not cancelled; the scores are explained, and compare with none.

    `model_knew_later_days` says that the champion has learned from days after this one: such scores may look better
    than any that could have been given then.

    Raises:
        MissingTableError: that day's features have not been made, or there is no champion.
    """
    as_of = date.fromisoformat(params.as_of)
    version = model_store.champion(params.lake)
    if version is None:
        raise MissingTableError(no_champion(params.lake))
    alive = read_table(spark, params.lake, as_of_folder(PAST_FEATURES, as_of)).where(F.col("cancelled_on").isNull())
    scores, notes = score(params, version, alive, as_of, before=None)
    learned_until = model_store.load_card(params.lake, version)["as_of"]
    notes |= {"as_of": as_of.isoformat(), "model_knew_later_days": learned_until > as_of.isoformat()}
    written = replace_table(scores, params.lake, as_of_folder(PAST_SCORES, as_of), notes)
    return told(written, notes)
