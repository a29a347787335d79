"""Figures of a model on examples it has not seen, as plain numbers."""

from dataclasses import asdict, dataclass
from typing import Literal

from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.columns import LABEL, USER_ID

PROBABILITY = "churn_probability"
TOP_SHARE = 0.1


@dataclass(frozen=True)
class Metrics:
    """Skill on one window.

    `roc_auc` and `pr_auc` (no skill: 0.5 and `base_rate`) and `lift_top_tenth` (share of leavers among the tenth with
    the highest probability over `base_rate`; no skill: 1) are None where the window holds only one class. `brier` is
    the mean squared error of the probability (no skill: `base_rate * (1 - base_rate)`).
    """

    examples: int
    leavers: int
    base_rate: float
    roc_auc: float | None
    pr_auc: float | None
    lift_top_tenth: float | None
    brier: float
    brier_no_skill: float

    def as_dict(self) -> dict[str, float | None]:
        """Plain values."""
        return asdict(self)


def evaluate(scored: DataFrame) -> Metrics | None:
    """Figures of a frame with `user_id`, `label` and `churn_probability`; None when it is empty."""
    scored = scored.cache()
    totals = scored.agg(
        F.count("*").alias("examples"),
        F.sum(LABEL).alias("leavers"),
        F.avg((F.col(PROBABILITY) - F.col(LABEL)) ** 2).alias("brier"),
    ).first()
    if totals is None or not totals["examples"]:
        return None
    examples, leavers = totals["examples"], int(totals["leavers"])
    base_rate = leavers / examples
    judged = 0 < leavers < examples
    metrics = Metrics(
        examples=examples,
        leavers=leavers,
        base_rate=base_rate,
        roc_auc=_area(scored, "areaUnderROC") if judged else None,
        pr_auc=_area(scored, "areaUnderPR") if judged else None,
        lift_top_tenth=_lift(scored, examples, base_rate) if judged else None,
        brier=totals["brier"],
        brier_no_skill=base_rate * (1 - base_rate),
    )
    scored.unpersist()
    return metrics


def _area(scored: DataFrame, metric: Literal["areaUnderROC", "areaUnderPR"]) -> float:
    evaluator = BinaryClassificationEvaluator(rawPredictionCol=PROBABILITY, labelCol=LABEL, metricName=metric)
    return float(evaluator.evaluate(scored))


def _lift(scored: DataFrame, examples: int, base_rate: float) -> float:
    top = scored.orderBy(F.desc(PROBABILITY), USER_ID).limit(max(int(examples * TOP_SHARE), 1))
    found = top.agg(F.avg(LABEL).alias("rate")).first()
    return float(found["rate"]) / base_rate if found else 0.0
