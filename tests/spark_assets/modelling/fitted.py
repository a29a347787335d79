"""Real fitted versions of every kind, small and made once a run."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from pyspark.ml import PipelineModel
from pyspark.ml.classification import LogisticRegression, RandomForestClassifier
from pyspark.sql import DataFrame, SparkSession
from xgboost.spark import SparkXGBClassifier

from spark_assets.estimators.base import FEATURES as VECTOR
from spark_assets.estimators.base import Candidate, Fitted
from spark_assets.modelling.pipeline import assemble, calibration, margin_of, preparation
from tests.spark_assets.features.frames import Row, frame

NAMES = ("adverts_7d", "songs_trend_7d", "thumbs_down_share_30d", "days_known", "songs_7d", "days_listened")
KINDS = ("logistic", "forest", "xgboost")
_SCHEMA = "user_id string, label double, " + ", ".join(f"{name} double" for name in NAMES)


def customers(spark: SparkSession, count: int = 400, seed: int = 5, shift: float = 0.0) -> DataFrame:
    """Customers some of whose values are unknown, and who leave after many adverts or a fall in songs."""
    dice = random.Random(seed)  # noqa: S311 - sample data
    rows: list[Row] = []
    for user in range(count):
        adverts, trend = float(dice.randint(0, 30)) + shift, dice.choice((None, -1.0, dice.uniform(-1, 1)))
        leaves = dice.random() < 0.05 + 0.4 * (adverts > 20) + 0.3 * ((trend or 0) < -0.3)
        rows.append(
            {
                "user_id": f"{user:04d}",
                "label": float(leaves),
                "adverts_7d": adverts,
                "songs_trend_7d": trend,
                "thumbs_down_share_30d": dice.choice((None, dice.random())),
                "days_known": float(dice.randint(0, 60)),
                # not to be told apart in 32 bits from its neighbours
                "songs_7d": dice.randint(0, 500) + dice.random() * 1e-6,
                "days_listened": float(dice.randint(0, 40)),
            }
        )
    return frame(spark, rows, _SCHEMA)


Make = Callable[[], LogisticRegression | RandomForestClassifier | SparkXGBClassifier | Candidate]

ESTIMATORS: dict[str, Make] = {
    "logistic": lambda: LogisticRegression(featuresCol=VECTOR, labelCol="label", regParam=0.01),
    "forest": lambda: RandomForestClassifier(
        featuresCol=VECTOR, labelCol="label", seed=3, numTrees=15, maxDepth=6, minInstancesPerNode=3
    ),
    "xgboost": lambda: SparkXGBClassifier(
        features_col=VECTOR, label_col="label", n_estimators=60, max_depth=4, num_workers=1, random_state=3
    ),
}


LARGE: dict[str, Make] = {
    "logistic": ESTIMATORS["logistic"],
    "forest": lambda: RandomForestClassifier(
        featuresCol=VECTOR, labelCol="label", seed=3, numTrees=60, maxDepth=7, minInstancesPerNode=10
    ),
    "xgboost": lambda: SparkXGBClassifier(
        features_col=VECTOR, label_col="label", n_estimators=150, max_depth=4, num_workers=1, random_state=3
    ),
}
"""As large as those that are searched."""


def version_of(
    kind: str,
    training: DataFrame,
    folder: Path,
    unseen: DataFrame | None = None,
    names: Sequence[str] = NAMES,
    make: Make | None = None,
) -> tuple[PipelineModel, str]:
    """Fit a version, calibrate it on `unseen`, save it, and return it as loaded again with its place."""
    prepared = preparation(names).fit(training)
    filled = prepared.transform(training)
    fitted: Fitted = (make or ESTIMATORS[kind])().fit(filled)
    margin = PipelineModel([*prepared.stages, fitted, margin_of(fitted)])
    margins = margin.transform(unseen if unseen is not None else training).select("margin", "label")
    uri = str(folder / kind)
    assemble(prepared, fitted, calibration().fit(margins)).write().overwrite().save(uri)
    return PipelineModel.load(uri), uri
