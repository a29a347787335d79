"""Whether contributions add up to the score, told from the table alone."""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.modelling.explaining import CONTRIBUTIONS
from spark_assets.modelling.score import PROBABILITY

TOLERANCE = 1e-6
"""In log-odds."""

_RESOLUTION = 4e-16
"""Of a probability near 1 in 64 bits: log-odds above 20 cannot be told from it to the tolerance."""

_SHOWN = 5


def not_adding_up(scores: DataFrame, base: float) -> dict[str, Any]:
    """Customers whose base plus contributions is not the log-odds of their probability.

    The probability comes from the pipeline's calibrator and the contributions from the explainer, so that each judges
    the other.

    Args:
        scores: `churn_scores`.
        base: log-odds that contributions start from.

    Returns:
        `not_adding_up`, how many; `worst`, both figures of at most five, without the customer's number, which
        Dagster must not show; `largest_difference` of all (0 without any row).
    """
    probability = F.col(PROBABILITY)
    told = F.lit(base) + F.aggregate(CONTRIBUTIONS, F.lit(0.0), lambda total, each: total + each)
    compared = scores.select(
        F.log(probability / F.nullif(1 - probability, F.lit(0.0))).alias("log_odds"),
        told.alias("base_and_contributions"),
        (F.abs(1 / (1 + F.exp(-told)) - probability) <= _RESOLUTION).alias("alike"),
    ).withColumn("difference", F.abs(F.col("log_odds") - F.col("base_and_contributions")))
    # not "greater", which no null and no NaN is
    wrong = compared.where(~F.coalesce((F.col("difference") <= TOLERANCE) | F.col("alike"), F.lit(False)))
    largest = compared.agg(F.coalesce(F.max("difference"), F.lit(0.0)).alias("largest")).first()
    return {
        "not_adding_up": wrong.count(),
        "worst": [
            row.asDict()
            for row in wrong.drop("alike")
            .orderBy(F.desc("difference"), "base_and_contributions")
            .limit(_SHOWN)
            .collect()
        ],
        "largest_difference": largest["largest"] if largest else 0.0,
    }
