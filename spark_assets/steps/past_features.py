"""Step `past_features`: features as of a past day, as `user_features` would have had them on that day."""

from datetime import date

from pyspark.sql import SparkSession

from spark_assets.errors import SettingsError
from spark_assets.lake.ledger import Ledger
from spark_assets.lake.schema import PAST_FEATURES
from spark_assets.lake.tables import as_of_folder
from spark_assets.steps.settings import StepParams, StepResult
from spark_assets.steps.user_features import write_features


def run(spark: SparkSession, params: StepParams) -> StepResult:
    """Compute from days up to `params.as_of`, and write into that day's folder.

    Raises:
        SettingsError: there are no logs of such a day.
    """
    as_of = _logged_day(params)
    return write_features(spark, params.lake, as_of_folder(PAST_FEATURES, as_of), as_of)


def _logged_day(params: StepParams) -> date:
    first, last = Ledger.load(params.lake).span()
    try:
        as_of = date.fromisoformat(params.as_of)
    except ValueError:
        raise SettingsError(f"as_of must be a day as 2018-11-30, got {params.as_of!r}.") from None
    if not first <= as_of <= last:
        raise SettingsError(f"as_of must be a day of the logs, {first} to {last}, got {as_of}.")
    return as_of
