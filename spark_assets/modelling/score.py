"""Apply a fitted version; nothing is fitted here."""

from collections.abc import Mapping, Sequence

from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import RiskBand
from spark_assets.modelling.pipeline import CALIBRATED

PROBABILITY = "churn_probability"


def with_probability(model: PipelineModel, features: DataFrame, keep: Sequence[str] | None = None) -> DataFrame:
    """Add `churn_probability` in [0, 1] to a frame of features, or to the columns to `keep` of it."""
    scored = model.transform(features)
    return scored.select(*(keep or features.columns), vector_to_array(F.col(CALIBRATED))[1].alias(PROBABILITY))


def band_floors(base_rate: float, lifts: Mapping[str, float]) -> dict[str, float]:
    """Least probability of each band but the lowest: its lift times the usual rate of leaving."""
    return {band: min(lift * base_rate, 1.0) for band, lift in lifts.items()}


def risk_band(floors: Mapping[str, float]) -> Column:
    """The band of `churn_probability`, given the least probability of each but the lowest; null where that is null."""
    probability = F.col(PROBABILITY)
    return (
        F.when(probability.isNull(), None)
        .when(probability >= floors[RiskBand.HIGH], RiskBand.HIGH.value)
        .when(probability >= floors[RiskBand.MEDIUM], RiskBand.MEDIUM.value)
        .otherwise(RiskBand.LOW.value)
    )
