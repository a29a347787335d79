"""Train on made-up examples, as many as told: `python -m tests.benchmarks.million FOLDER EXAMPLES [MASTER]`."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from orchestration.compute.archive import packaged
from spark_assets.features.registry import MODEL_FEATURES
from spark_assets.modelling.training import Recipe, train
from spark_assets.session import SessionSettings, build_session

CUT_OFFS = [date(2018, 12, 1) - timedelta(days=7 * step) for step in range(10)]
LEAVING = 0.05


def made_up(spark: SparkSession, rows: int) -> DataFrame:
    """Examples of ten cut-offs: noise, and a label that follows three of the features."""
    cut_offs = F.array(*[F.lit(day) for day in CUT_OFFS])
    listeners = spark.range(rows // len(CUT_OFFS)).select(F.col("id").cast("string").alias("user_id"))
    examples = listeners.select("user_id", F.explode(cut_offs).alias("cut_off"))
    features = [(-F.log(1 - F.rand(number))).alias(name) for number, name in enumerate(MODEL_FEATURES)]
    known = examples.select("*", *features, F.rand(999).alias("events_per_day"))
    pull = sum((F.col(name) for name in MODEL_FEATURES[:3]), F.lit(0.0))
    return known.withColumn("label", (F.rand(1_000) < LEAVING * pull / 3).cast("double"))


@contextmanager
def session(master: str | None) -> Iterator[SparkSession]:
    """The session of one machine, or one on a cluster, whose executors get the code as they do from `spark-submit`."""
    if master is None:
        yield build_session("bench")
        return
    extra = {"spark.executor.memory": "2g", "spark.python.daemon.module": "pyspark.daemon"}
    with packaged() as package:  # executors fetch it from where it lies
        spark = build_session("bench", SessionSettings(master=master, extra=extra))
        spark.sparkContext.addPyFile(str(package.archive))
        yield spark


def main(folder: str, rows: int, master: str | None = None) -> None:
    """Make, train and print figures as one line of JSON."""
    with session(master) as spark:
        started = time.monotonic()
        if not Path(folder).exists():
            made_up(spark, rows).write.parquet(folder)
        ready = time.monotonic()
        trained = train(spark.read.parquet(folder), Recipe(bootstrap_replicates=200))
        seconds = {
            "making examples": ready - started,
            "training": time.monotonic() - ready,
            "search in it": trained.search_seconds,
        }
    head = ["estimator", "settings", "PR AUC", "ROC AUC", "seconds"]
    candidates = [
        [row["estimator"], json.dumps(row["settings"]), f"{row['pr_auc']:.3f}", f"{row['roc_auc']:.3f}",
         f"{row['seconds']:.1f}"]
        for row in trained.candidates
    ]  # fmt: skip
    sys.stdout.write("\n" + json.dumps({"seconds": seconds, "candidates": [head, *candidates]}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
