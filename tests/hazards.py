"""The judging window of a model on simulated logs, with the hazard that the simulator drew cancellations from."""

from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.lake.schema import CUT_OFF, LABEL, TRAINING_EXAMPLES, USER_ID
from spark_assets.lake.tables import read_table
from spark_assets.simulation.output import simulate_truth
from spark_assets.simulation.settings import SimulationSettings


def with_hazard(spark: SparkSession, lake: str, simulation: SimulationSettings, judged: date) -> DataFrame:
    """`user_id`, `label` and the true hazard of the window's first day, which is known before that day starts."""
    window = read_table(spark, lake, TRAINING_EXAMPLES).where(F.col(CUT_OFF) == F.lit(judged))
    truth = simulate_truth(spark, simulation).where(F.col("date") == F.lit(judged))
    joined = window.select(USER_ID, LABEL).join(truth.select(USER_ID, "hazard"), on=USER_ID, how="inner").cache()
    assert joined.count() == window.count()
    return joined
