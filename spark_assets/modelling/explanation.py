"""Explanations of scores: contributions by feature, reasons, changes, and the check that contributions add up."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark import Broadcast
from pyspark.ml import PipelineModel
from pyspark.ml.functions import vector_to_array
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name
from pyspark.sql.types import ArrayType, DoubleType, StringType, StructField, StructType

from spark_assets.estimators.base import FEATURES, MARGIN
from spark_assets.estimators.trees import Floats
from spark_assets.lake.schema import USER_ID
from spark_assets.modelling.contributions import Explainer
from spark_assets.modelling.pipeline import CALIBRATED
from spark_assets.modelling.reasons import Before, Teller
from spark_assets.modelling.scoring import PROBABILITY

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


CONTRIBUTIONS = "contributions"
VALUES = "feature_values"

_NUMBERS = ArrayType(DoubleType())
EXPLAINED = StructType(
    [
        StructField(USER_ID, StringType(), False),
        StructField(PROBABILITY, DoubleType(), False),
        StructField(CONTRIBUTIONS, _NUMBERS, False),
        StructField(VALUES, _NUMBERS, False),
        StructField("reasons", StringType(), False),
        StructField("change", StringType()),
        StructField("doubts", StringType()),
    ]
)
"""Contributions and values in the order of the model's features; reasons, change and doubts as JSON."""


@dataclass(frozen=True)
class Explaining:
    """What every task needs: how contributions come about, and how they are told."""

    explainer: Explainer
    teller: Teller
    compares: bool
    """Whether the scores before are by the same model, so that a change can be told."""


def explain(
    model: PipelineModel, customers: DataFrame, features: Sequence[str], before: DataFrame, explaining: Explaining
) -> DataFrame:
    """Score and explain.

    Args:
        model: the version that scores.
        customers: `user_features` of those to score.
        features: the model's, in its order.
        before: the scores at the as-of date before (`EXPLAINED`); without any row where there are none.
        explaining: of the same version.
    """
    scored = model.transform(customers).select(*_inputs(features))
    old = before.select(
        USER_ID,
        F.col(PROBABILITY).alias("old_probability"),
        F.col(CONTRIBUTIONS).alias("old_contributions"),
        F.col(VALUES).alias("old_values"),
    )
    joined = scored.join(old, on=USER_ID, how="left")
    shared = customers.sparkSession.sparkContext.broadcast(explaining)
    return joined.mapInArrow(_teller_of(shared), EXPLAINED)


def _inputs(features: Sequence[str]) -> list[Column]:
    return [
        F.col(USER_ID),
        vector_to_array(F.col(CALIBRATED))[1].alias(PROBABILITY),
        vector_to_array(F.col(MARGIN))[0].alias("margin"),
        vector_to_array(F.col(FEATURES)).alias("vector"),
        F.array(*features).alias(VALUES),
        F.array("days_known", "days_listened").alias("days"),
    ]


def _teller_of(shared: Broadcast[Explaining]) -> Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]:
    def tell(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        explaining = shared.value
        for batch in batches:
            if batch.num_rows:
                yield _tell(batch, explaining)

    return tell


def _tell(batch: pa.RecordBatch, explaining: Explaining) -> pa.RecordBatch:
    margins = batch["margin"].to_numpy(zero_copy_only=False)
    vectors, values, days = (_matrix(batch[name]) for name in ("vector", VALUES, "days"))
    explainer, teller = explaining.explainer, explaining.teller
    contributions = explainer.contributions(vectors, margins)
    changes: Iterable[object] = [None] * batch.num_rows
    if explaining.compares:
        changes = teller.changes(contributions, values, _before(batch, vectors.shape[1]))
    return pa.RecordBatch.from_arrays(
        [
            batch[USER_ID],
            batch[PROBABILITY],
            _lists(contributions),
            batch[VALUES],
            _documents(teller.reasons(contributions, values)),
            _documents(changes),
            _documents(found or None for found in teller.doubts(contributions, values, days)),
        ],
        names=EXPLAINED.names,
    )


def _before(batch: pa.RecordBatch, width: int) -> Before:
    return Before(
        batch["old_probability"].to_numpy(zero_copy_only=False),
        _matrix(batch["old_contributions"], width),
        _matrix(batch["old_values"], width),
    )


def _matrix(lists: pa.ListArray, width: int | None = None) -> Floats:
    """Lists of one length as an array of shape (rows, width), NaN where a list or an item is null."""
    items = lists.flatten().to_numpy(zero_copy_only=False)
    known = lists.is_valid().to_numpy(zero_copy_only=False)
    filled = int(known.sum())
    columns = width or len(items) // max(filled, 1)
    matrix = np.full((len(lists), columns), np.nan)
    matrix[known] = items.reshape(filled, columns)
    return matrix


def _lists(matrix: Floats) -> pa.ListArray:
    offsets = np.arange(0, matrix.size + 1, matrix.shape[1], dtype=np.int32)
    return pa.ListArray.from_arrays(offsets, matrix.ravel())


def _documents(objects: Iterable[object]) -> pa.StringArray:
    texts = [None if each is None else json.dumps(each, separators=(",", ":"), ensure_ascii=False) for each in objects]
    return pa.array(texts, pa.string())
