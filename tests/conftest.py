"""Fixtures that every test may use: the one Spark session of the run."""

import logging
import os
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from spark_assets.session import SessionSettings, build_session


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Yield one small session: one shuffle partition, no adaptive planning, a throw-away warehouse.

    Java compiles by its quick compiler alone: on few rows the thorough one takes more of the processor than it saves.
    """
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    settings = SessionSettings(
        master="local[2]",
        shuffle_partitions=1,
        extra={
            "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -XX:TieredStopAtLevel=1",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        },
    )
    # It logs each connection that the interpreter closes at its very end, when pytest's streams are gone.
    logging.getLogger("py4j").setLevel(logging.WARNING)
    session = build_session("encore-tests", settings)
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def _clear_catalog(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop cached frames after each test that used the session, so that none feeds the next."""
    yield
    if "spark" in request.fixturenames:
        request.getfixturevalue("spark").catalog.clearCache()
