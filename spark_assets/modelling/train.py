"""Search all candidates at once, keep the best, judge it on the newest window."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.tuning import CrossValidator
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import CUT_OFF, LABEL, USER_ID
from spark_assets.errors import EncoreError
from spark_assets.modelling.evaluate import Metrics, evaluate
from spark_assets.modelling.grid import Candidate, candidates
from spark_assets.modelling.score import with_probability
from spark_assets.modelling.splits import CutOffSplit, split_cut_offs
from spark_assets.transforms.registry import MODEL_FEATURES

FOLDS = 3
LEAST_LEAVERS = 10
"""Fewer leavers than this leave a fold of the search without any: no model is better than one made of chance."""

_FOLD = "fold"
_ROWS_A_PARTITION = 50_000


class NotTrainableError(EncoreError):
    """The examples hold too little to learn from; the message says what is missing."""


@dataclass(frozen=True)
class Trained:
    """A fitted pipeline with what led to it."""

    model: PipelineModel
    chosen: Candidate
    search: list[dict[str, Any]]
    """Every candidate: name, settings, mean PR AUC over the folds."""
    features: list[str]
    """What the model reads: features without a value in the training examples are left out."""
    split: CutOffSplit
    training: dict[str, float]
    """Examples, leavers and base rate of the training cut-offs."""
    metrics: Metrics | None
    """On the evaluation cut-off, which neither fit nor search has seen."""


def train(examples: DataFrame, cut_offs: Sequence[date], horizon_days: int, seed: int) -> Trained:
    """Fit every candidate, choose by PR AUC over folds grouped by customer, evaluate on the newest cut-off.

    Args:
        examples: `training_examples`: a row per (`cut_off`, `user_id`) with features and `label`.
        cut_offs: the labelled cut-offs.
        horizon_days: days that a label looks ahead.
        seed: of folds and forests; same examples, settings and seed give the same model.

    Raises:
        NotTrainableError: too few cut-offs, leavers, or customers who leave.
    """
    split = split_cut_offs(cut_offs, horizon_days)
    training = _in_fixed_order(examples.where(F.col(CUT_OFF).isin(list(split.training))), seed).cache()
    facts = _count(training, split, horizon_days)
    features = _features_with_values(training)
    model, chosen, search = _search(training, features, seed)
    training.unpersist()
    held_back = examples.where(F.col(CUT_OFF) == F.lit(split.evaluation))
    return Trained(model, chosen, search, features, split, facts, evaluate(with_probability(model, held_back)))


def _count(training: DataFrame, split: CutOffSplit, horizon_days: int) -> dict[str, float]:
    if not split.training:
        raise NotTrainableError(
            f"The logs are too short: training needs two cut-offs {horizon_days} days apart with a complete horizon "
            f"of {horizon_days} days after each. Drop more days of logs, or choose a shorter horizon."
        )
    counted = training.groupBy(_FOLD).agg(F.count("*").alias("examples"), F.sum(LABEL).alias("leavers")).collect()
    examples, leavers = sum(row["examples"] for row in counted), int(sum(row["leavers"] for row in counted))
    if not LEAST_LEAVERS <= leavers < examples:
        raise NotTrainableError(
            f"Only {leavers} of {examples} training examples are followed by a Cancellation Confirmation within "
            f"{horizon_days} days; at least {LEAST_LEAVERS} (and not all) must be. Drop logs that hold more of them."
        )
    # With one fold held back, the others must still show the search both who leaves and who stays.
    if min(sum(row["leavers"] > 0 for row in counted), sum(row["leavers"] < row["examples"] for row in counted)) < 2:
        raise NotTrainableError(
            f"The {leavers} training examples that leave, or the {examples - leavers} that stay, are of too few "
            f"customers for a search over {FOLDS} groups of customers. Drop logs that hold more of them."
        )
    return {"examples": examples, "leavers": leavers, "base_rate": leavers / examples}


def _features_with_values(training: DataFrame) -> list[str]:
    """Features known in two folds, so in every search: Spark's imputer stops at a column that has no mean."""
    known_in = [F.size(F.collect_set(F.when(F.col(name).isNotNull(), F.col(_FOLD)))) for name in MODEL_FEATURES]
    row = training.agg(*(folds.alias(name) for name, folds in zip(MODEL_FEATURES, known_in, strict=True))).first()
    return [name for name in MODEL_FEATURES if row and row[name] >= 2]


def _search(
    training: DataFrame, features: Sequence[str], seed: int
) -> tuple[PipelineModel, Candidate, list[dict[str, Any]]]:
    pipeline = Pipeline(stages=[])
    points = candidates(pipeline, features, seed)
    validator = CrossValidator(
        estimator=pipeline,
        estimatorParamMaps=[point.params for point in points],
        evaluator=BinaryClassificationEvaluator(labelCol=LABEL, metricName="areaUnderPR"),
        numFolds=FOLDS,
        foldCol=_FOLD,
        parallelism=2,
    )
    fitted = validator.fit(training)
    search: list[dict[str, Any]] = [
        {"estimator": point.name, **point.settings, "pr_auc": float(metric)}
        for point, metric in zip(points, fitted.avgMetrics, strict=True)
    ]
    best = max(range(len(points)), key=lambda index: fitted.avgMetrics[index])
    return cast(PipelineModel, fitted.bestModel), points[best], search


def _in_fixed_order(examples: DataFrame, seed: int) -> DataFrame:
    """Examples with their fold, in partitions and an order that depend on the data alone.

    Forests draw rows by partition and position: without this, a second run or another cluster grows other trees.
    """
    partitions = max(examples.count() // _ROWS_A_PARTITION, 1)
    fold = F.pmod(F.xxhash64(USER_ID, F.lit(seed)), F.lit(FOLDS)).cast("int")
    return examples.withColumn(_FOLD, fold).repartition(partitions, USER_ID).sortWithinPartitions(USER_ID, CUT_OFF)
