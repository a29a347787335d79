"""Fixtures that every test may use: the one Spark session of the run."""

import logging
import os
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from spark_assets.session import SessionSettings, build_session

POSTGRES_FIXTURES = {"db", "transactional_db", "django_db_setup", "database", "bare_database", "server_url", "portal"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the services that their fixtures start, and refuse a slow test without a reason."""
    for item in items:
        for mark in item.iter_markers("slow"):
            if len(mark.args) != 1:
                raise pytest.UsageError(f"{item.nodeid}: pytest.mark.slow takes one argument, the reason.")
        names = set(getattr(item, "fixturenames", ()))
        if "spark" in names:
            item.add_marker("spark")
        if names & POSTGRES_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("postgres")


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
