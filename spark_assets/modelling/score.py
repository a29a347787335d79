"""Apply a fitted pipeline; nothing is fitted here."""

from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import BAND_LIFT, RiskBand
from spark_assets.modelling.evaluate import PROBABILITY


def with_probability(model: PipelineModel, features: DataFrame) -> DataFrame:
    """Add `churn_probability` in [0, 1] to a frame of features."""
    scored = model.transform(features)
    return scored.select(*features.columns, vector_to_array(F.col("probability"))[1].alias(PROBABILITY))


def band_floors(base_rate: float) -> dict[str, float]:
    """Least probability of each band but the lowest: its lift times the share of leavers in training."""
    return {band.value: min(lift * base_rate, 1.0) for band, lift in BAND_LIFT.items()}


def risk_band(base_rate: float) -> Column:
    """The band of `churn_probability`; null where that is null."""
    floors = band_floors(base_rate)
    probability = F.col(PROBABILITY)
    return (
        F.when(probability.isNull(), None)
        .when(probability >= floors[RiskBand.HIGH], RiskBand.HIGH.value)
        .when(probability >= floors[RiskBand.MEDIUM], RiskBand.MEDIUM.value)
        .otherwise(RiskBand.LOW.value)
    )
