"""The one place where a Spark session is built."""

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


def session_config(settings: SessionSettings | None = None) -> dict[str, str]:
    """Spark settings that every Encore session shares, whoever builds it.

    Times are UTC throughout, and a write replaces only the partitions that it holds.
    """
    settings = settings or SessionSettings()
    return {
        "spark.master": settings.master,
        "spark.driver.memory": settings.driver_memory,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(settings.shuffle_partitions),
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # Broken rows are Encore's own business (quarantine); Spark's ANSI casts would end the job instead.
        "spark.sql.ansi.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **settings.extra,
    }


def build_session(app_name: str, settings: SessionSettings | None = None) -> SparkSession:
    """Build the session, or return the one that this process already has."""
    # Unset, Spark starts whatever `python3` comes first on PATH, which need not hold our packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName(app_name)
    for key, value in session_config(settings).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel(os.environ.get("ENCORE_SPARK_LOG_LEVEL", "ERROR"))
    return session
