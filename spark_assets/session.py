"""The one place that builds a Spark session, and its settings."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyspark.sql import SparkSession


@dataclass(frozen=True)
class SessionSettings:
    """How a session is sized. Defaults fit a laptop with 8 GB.

    `shuffle_partitions` is the start from which adaptive execution merges downwards. `extra` holds further Spark
    settings and wins over everything here.
    """

    master: str = "local[*]"
    driver_memory: str = "2g"
    shuffle_partitions: int = 8
    extra: Mapping[str, str] = field(default_factory=dict)


SHARED: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # Bytes that rotted on a disk end the step instead of becoming somebody's score.
    "spark.hadoop.parquet.page.verify-checksum.enabled": "true",
    # Files of the lake hold names: 0600 in 0700, as Encore's own writers make them.
    "spark.hadoop.fs.permissions.umask-mode": "077",
    # A number that does not fit ends the step, instead of becoming another one; `try_*` stands where null is meant.
    "spark.sql.ansi.enabled": "true",
    "spark.ui.showConsoleProgress": "false",
    # Else every column that Python names is given a stack trace, which takes longer than planning: half of the 4 s
    # that it takes to describe the features.
    "spark.python.sql.dataFrameDebugging.enabled": "false",
}
"""What Encore's results rest on, wherever it runs: times are UTC, a write replaces only the partitions it holds."""


def session_config(settings: SessionSettings | None = None) -> dict[str, str]:
    """Spark settings of every session on this machine, whoever builds it."""
    settings = settings or SessionSettings()
    return {
        "spark.master": settings.master,
        "spark.driver.memory": settings.driver_memory,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.sql.shuffle.partitions": str(settings.shuffle_partitions),
        "spark.ui.enabled": "false",
        # Only here: on a cluster Encore's code arrives with the task, after this has begun.
        "spark.python.daemon.module": "spark_assets.worker_daemon",
        **SHARED,
        **settings.extra,
    }


def build_session(app_name: str, settings: SessionSettings | None = None) -> SparkSession:
    """Build the session, or return the one that this process already has."""
    # Unset, Spark starts whatever `python3` comes first on PATH, which need not hold our packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = _build(app_name, session_config(settings))
    session.sparkContext.setLogLevel(os.environ.get("ENCORE_SPARK_LOG_LEVEL", "ERROR"))
    return session


def submitted_session(app_name: str) -> SparkSession:
    """Build the session of a submitted program: master, sizes and addresses are what `spark-submit` was told."""
    return _build(app_name, SHARED)


def _build(app_name: str, config: Mapping[str, str]) -> SparkSession:
    builder = SparkSession.builder.appName(app_name)
    for key, value in config.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
