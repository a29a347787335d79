"""Scores of customers by a saved model, and the scores of the run before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.contracts import RiskBand
from spark_assets.errors import MissingTableError
from spark_assets.lake.schema import CHURN_SCORES
from spark_assets.lake.tables import table_info
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


@dataclass(frozen=True)
class Scored:
    """A version of `churn_scores` in the lake: its folder, its as-of date, and the model that scored."""

    folder: str
    as_of: date
    model_version: str

    def as_dict(self) -> dict[str, str]:
        """Plain values."""
        return {"folder": self.folder, "as_of": self.as_of.isoformat(), "model_version": self.model_version}


def scores_before(lake: str, as_of: date) -> Scored | None:
    """The newest explained scores of an earlier as-of date, or None.

    They are the table as it stands when the date moves on, and what it kept when the same date is scored again: a
    second run of a day compares with the day before, too.
    """
    try:
        current = table_info(lake, CHURN_SCORES)
    except MissingTableError:
        return None
    # notes without facts of a model are of no scores, or of scores that nothing was told of
    told = [current] if current.get("model_facts") else []
    kept = [_scored(notes) for notes in (*told, current.get("previous")) if notes]
    return max((found for found in kept if found.as_of < as_of), key=lambda found: found.as_of, default=None)


def _scored(notes: Mapping[str, Any]) -> Scored:
    return Scored(notes["folder"], date.fromisoformat(notes["as_of"]), notes["model_version"])
