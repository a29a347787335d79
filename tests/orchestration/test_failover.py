"""Postgres that is away for longer than the first tries last: the run waits for it, says so, and publishes."""

from collections.abc import Iterator

import dagster as dg
import pytest
from pyspark.sql import SparkSession

from deploy.local.postgres import EmbeddedPostgres
from orchestration.run_output import lines
from orchestration.step_definitions import step_asset
from spark_assets.steps.settings import StepParams, StepResult
from tests.orchestration.fakes import pipeline
from tests.spark_assets.publishing.conftest import own_postgres, run_sql
from tests.spark_assets.publishing.snapshots import customer, publish_rows

TRIES_WITHOUT = 5


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    with own_postgres() as made:
        yield made


def test_a_publish_outlasts_a_failover(spark: SparkSession, own_server: EmbeddedPostgres) -> None:
    publish_rows(spark, str(own_server.url), [customer("1")])
    own_server.stop()
    tries = []

    def publish(_: StepParams) -> StepResult:
        tries.append(1)
        if len(tries) > TRIES_WITHOUT:
            own_server.start()
        publish_rows(spark, str(own_server.url), [customer("2"), customer("3")])
        return StepResult(2)

    asset = step_asset("portal_snapshot", deps=[], group="serving", kinds=set(), description="Rows.")
    resources = {"pipeline": pipeline({"portal_snapshot": publish}, retry_seconds=1)}
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([asset], instance=instance, resources=resources, raise_on_error=False)
        logged = instance.all_logs(done.run_id)
    assert (done.success, len(tries)) == (True, TRIES_WITHOUT + 1)
    assert run_sql(str(own_server.url), "select customer_number from current_customer order by 1") == [("2",), ("3",)]
    told = [entry.user_message for entry in logged if "Trying again" in entry.user_message]
    assert len(told) == TRIES_WITHOUT
    assert "refused" in told[0]
    assert told[0].endswith("Trying again in 1 s: try 2 of 9, the last in 21 s.")
    printed = [line for line in lines(logged) if "tried again" in line]
    assert len(printed) == TRIES_WITHOUT
    assert printed[1].startswith("  portal_snapshot is tried again in 2 s: ")
    assert "refused" in printed[1]
