"""Steps on EMR as moto knows it: submitted, really run here, told through S3; and every way in which they fail."""

import _thread
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.emr.models import emr_backends

from orchestration.compute.emr.backend import EmrCompute
from orchestration.compute.emr.settings import EmrSettings
from tests.aws import REGION, moto_server
from tests.orchestration.compute.emr.assets import DAILY, INGEST, cause, compute_with, drop_line
from tests.orchestration.compute.emr.executor import BUCKET, Executor, at_work, prepared_bucket

pytestmark = pytest.mark.slow("EMR by moto, with steps that run")


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with moto_server() as variables:
        yield variables


@pytest.fixture
def executor(server: dict[str, str], tmp_path: Path) -> Iterator[Executor]:
    emr_backends[DEFAULT_ACCOUNT_ID][REGION].clusters.clear()
    running = Executor(tmp_path)
    with prepared_bucket(server), at_work(running):
        yield running


def materialize(tmp_path: Path, *assets: dg.AssetsDefinition, **settings: Any) -> dg.ExecuteInProcessResult:  # noqa: ANN401
    chosen = {"bucket": BUCKET, "poll_seconds": 1, "log_seconds": 0, **settings}
    return compute_with(EmrCompute(settings=EmrSettings(**chosen)), tmp_path, *assets)


def states(executor: Executor) -> list[str]:
    return [cluster.state for cluster in executor.clusters]


def test_a_step_really_runs_and_its_result_and_log_come_back(executor: Executor, tmp_path: Path) -> None:
    drop_line(tmp_path)
    done = materialize(tmp_path, usd_per_hour=3.6)
    assert done.success, [path.read_text()[-2_000:] for path in tmp_path.glob("*.log")]
    (made,) = done.asset_materializations_for_node("ingest_logs")
    metadata = {name: value.value for name, value in made.metadata.items()}
    assert metadata["dagster/row_count"] == 1
    (cluster,) = executor.clusters
    assert metadata["emr_cluster"] == cluster.id
    assert metadata["emr_log"] == f"{BUCKET}/logs/{cluster.id}/steps/{metadata['emr_step']}/stderr.gz"
    assert metadata["emr_usd"] == pytest.approx(metadata["emr_seconds"] / 1_000, rel=0.05, abs=0.001)
    assert states(executor) == ["TERMINATED"]


def test_what_the_user_must_mend_is_said_as_on_any_backend(executor: Executor, tmp_path: Path) -> None:
    done = materialize(tmp_path, INGEST, DAILY)
    assert cause(done).startswith(f"The inbox {tmp_path / 'inbox'} does not exist. Create it")
    assert [len(executor.commands), states(executor)] == [1, ["TERMINATED"]]


@pytest.mark.parametrize("state", ["CANCELLED", "FAILED"])
def test_a_step_that_does_not_complete_fails_its_asset_and_stops_what_comes_after(
    executor: Executor, tmp_path: Path, state: str
) -> None:
    executor.fates["ingest_logs"] = lambda *_: state
    done = materialize(tmp_path, INGEST, DAILY)
    said = "failed on EMR without a word" if state == "FAILED" else f"was {state.lower()} on EMR"
    assert f"Step ingest_logs {said}" in cause(done)
    assert not done.get_asset_materialization_events()
    assert [len(executor.commands), states(executor)] == [1, ["TERMINATED"]]


def test_the_command_names_what_was_uploaded_and_no_secret(executor: Executor, tmp_path: Path) -> None:
    executor.fates["ingest_logs"] = lambda *_: "CANCELLED"
    materialize(tmp_path, secret="encore/production")
    (command,) = executor.commands
    assert command[:5] == ["spark-submit", "--master", "yarn", "--deploy-mode", "cluster"]
    assert command[command.index("--archives") + 1] == f"{BUCKET}/environment/environment.tar.gz#environment"
    assert "spark.yarn.appMasterEnv.ENCORE_SECRET=encore/production" in command
    assert not [word for word in command if "DATABASE_URL" in word]
    keys = {item.key for item in boto3.resource("s3").Bucket("encore-tests").objects.filter(Prefix="prefix/code/")}
    assert {key.rpartition(".")[2] for key in keys} == {"zip", "py", "sh"}
    assert command[command.index("--py-files") + 1].removeprefix("s3://encore-tests/") in keys


def test_an_existing_cluster_is_used_and_left_running(executor: Executor, tmp_path: Path) -> None:
    cluster = boto3.client("emr").run_job_flow(Name="shared", Instances={"InstanceCount": 1})["JobFlowId"]
    executor.fates["ingest_logs"] = lambda *_: "CANCELLED"
    materialize(tmp_path, cluster_id=cluster)
    assert [each.id for each in executor.clusters] == [cluster]
    assert states(executor) != ["TERMINATED"]


def test_without_the_environment_no_cluster_is_paid_for(executor: Executor, tmp_path: Path) -> None:
    done = materialize(tmp_path, environment="s3://encore-tests/elsewhere.tar.gz")
    assert "s3://encore-tests/elsewhere.tar.gz does not exist: build and upload" in cause(done)
    assert executor.clusters == []


def test_a_bucket_that_is_not_there_is_named(executor: Executor, tmp_path: Path) -> None:
    assert "EMR_BUCKET=s3://nobodys-bucket cannot be used" in cause(materialize(tmp_path, bucket="s3://nobodys-bucket"))


def test_an_interrupt_ends_the_cluster(executor: Executor, tmp_path: Path) -> None:
    def interrupting(*_: object) -> str:
        _thread.interrupt_main()
        return "RUNNING"

    executor.fates["ingest_logs"] = interrupting
    done = materialize(tmp_path)
    assert not done.success
    assert states(executor) == ["TERMINATED"]
