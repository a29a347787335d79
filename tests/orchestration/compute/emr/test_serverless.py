"""Job runs of EMR Serverless as moto knows it: started, really run here, told through S3; and every way to fail."""

import _thread
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.emrserverless.models import emrserverless_backends

from orchestration.compute.emr.serverless import ServerlessCompute, billed
from orchestration.compute.emr.settings import ServerlessSettings
from tests.aws import REGION, moto_server
from tests.orchestration.compute.emr.assets import DAILY, INGEST, cause, compute_with, drop_line
from tests.orchestration.compute.emr.executor import BUCKET, Executor, ServerlessExecutor, at_work, prepared_bucket

pytestmark = pytest.mark.slow("EMR Serverless by moto, with steps that run")

ROLE = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/encore-serverless"


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with moto_server() as variables:
        yield variables


@pytest.fixture
def executor(server: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Executor]:
    monkeypatch.setattr("moto.emrserverless.models.JOB_STATUS", "SUBMITTED")  # moto has runs succeed at once
    emrserverless_backends[DEFAULT_ACCOUNT_ID][REGION].job_runs.clear()
    running = ServerlessExecutor(tmp_path)
    with prepared_bucket(server), at_work(running):
        yield running


@pytest.fixture
def application(executor: Executor) -> str:
    made = boto3.client("emr-serverless").create_application(name="encore", releaseLabel="emr-7.9.0", type="SPARK")
    return str(made["applicationId"])


def materialize(
    tmp_path: Path,
    application: str,
    *assets: dg.AssetsDefinition,
    **settings: Any,  # noqa: ANN401
) -> dg.ExecuteInProcessResult:
    chosen = {"bucket": BUCKET, "poll_seconds": 1, "log_seconds": 0, "execution_role": ROLE, **settings}
    compute = ServerlessCompute(settings=ServerlessSettings(application_id=application, **chosen))
    return compute_with(compute, tmp_path, *assets)


def runs(executor: Executor, application: str) -> list[Any]:
    return [run for run in executor.submitted() if run.application_id == application]


def test_a_step_really_runs_and_its_result_and_log_come_back(
    executor: Executor, application: str, tmp_path: Path
) -> None:
    drop_line(tmp_path)
    done = materialize(tmp_path, application)
    assert done.success, [path.read_text()[-2_000:] for path in tmp_path.glob("*.log")]
    (made,) = done.asset_materializations_for_node("ingest_logs")
    metadata = {name: value.value for name, value in made.metadata.items()}
    assert metadata["dagster/row_count"] == 1
    (run,) = runs(executor, application)
    assert (metadata["emr_application"], metadata["emr_job_run"]) == (application, run.id)
    place = f"{BUCKET}/logs/applications/{application}/jobs/{run.id}"
    assert metadata["emr_log"] == f"{place}/SPARK_DRIVER/stderr.gz"
    assert metadata["emr_vcpu_hours"] == 0
    assert run.configuration_overrides["monitoringConfiguration"]["s3MonitoringConfiguration"] == {
        "logUri": f"{BUCKET}/logs/"
    }


def test_what_the_user_must_mend_is_said_as_on_any_backend(
    executor: Executor, application: str, tmp_path: Path
) -> None:
    done = materialize(tmp_path, application, INGEST, DAILY)
    assert cause(done).startswith(f"The inbox {tmp_path / 'inbox'} does not exist. Create it")
    assert [run.state for run in runs(executor, application)] == ["FAILED"]


@pytest.mark.parametrize("state", ["CANCELLED", "FAILED"])
def test_a_run_that_does_not_succeed_fails_its_asset_with_what_emr_says_of_it(
    executor: Executor, application: str, tmp_path: Path, state: str
) -> None:
    def end(_: Executor, run: Any) -> str:  # noqa: ANN401 - moto has no types
        run.state_details = "ExitCode: 137. The driver ran out of memory"
        return state

    executor.fates["ingest_logs"] = end
    done = materialize(tmp_path, application, INGEST, DAILY)
    said = "failed on EMR without a word" if state == "FAILED" else "was cancelled on EMR"
    assert f"Step ingest_logs {said}: ExitCode: 137. The driver ran out of memory." in cause(done)
    assert not done.get_asset_materialization_events()
    assert len(runs(executor, application)) == 1


def test_the_run_names_what_was_uploaded_and_no_secret(
    executor: Executor, application: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISH_DATABASE_URL", "postgresql://encore:pw@db/encore")
    executor.fates["ingest_logs"] = lambda *_: "CANCELLED"
    materialize(tmp_path, application, secret="encore/production", step_hours=2)
    (command,) = executor.commands
    assert f"spark.archives={BUCKET}/environment/environment.tar.gz#environment" in command
    assert "spark.emr-serverless.driverEnv.PYSPARK_DRIVER_PYTHON=./environment/bin/python" in command
    assert "spark.emr-serverless.driverEnv.ENCORE_SECRET=encore/production" in command
    assert not [word for word in command if "DATABASE_URL" in word or "postgresql" in word]
    keys = {item.key for item in boto3.resource("s3").Bucket("encore-tests").objects.filter(Prefix="prefix/code/")}
    assert command[command.index("--py-files") + 1].removeprefix("s3://encore-tests/") in keys
    (run,) = runs(executor, application)
    assert (run.execution_role_arn, run.execution_timeout_minutes, run.name) == (ROLE, 120, "encore: ingest_logs")


def test_an_application_that_is_not_there_is_named(executor: Executor, tmp_path: Path) -> None:
    done = materialize(tmp_path, "00nobodys")
    assert cause(done).startswith("EMR_APPLICATION_ID=00nobodys takes no job run: ResourceNotFoundException: ")


def test_an_interrupt_cancels_the_run(
    executor: Executor, application: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, is_watched = emrserverless_backends[DEFAULT_ACCOUNT_ID][REGION], threading.Event()
    told = backend.get_job_run

    def tell(*asked: str, **named: str) -> Any:  # noqa: ANN401 - moto has no types
        is_watched.set()
        return told(*asked, **named)

    def interrupting(_: Executor, run: Any) -> str:  # noqa: ANN401 - moto has no types
        run.state = "RUNNING"
        assert is_watched.wait(60)
        _thread.interrupt_main()
        until = time.monotonic() + 60
        while run.state == "RUNNING" and time.monotonic() < until:
            time.sleep(0.05)
        return str(run.state)

    monkeypatch.setattr(backend, "get_job_run", tell)
    executor.fates["ingest_logs"] = interrupting
    assert not materialize(tmp_path, application).success
    (run,) = runs(executor, application)
    assert run.state == "CANCELLED"


def test_what_is_billed_is_told_as_far_as_it_is_known() -> None:
    used = {"vCPUHour": 0.123456, "memoryGBHour": 1.5}
    assert billed({"billedResourceUtilization": used}) == {"emr_vcpu_hours": 0.1235, "emr_memory_gb_hours": 1.5}
    assert billed({}) == {}
