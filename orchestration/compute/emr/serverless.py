"""`ENCORE_COMPUTE=emr-serverless`: each step is a job run of an application, paid for while it runs."""

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import dagster as dg
from botocore.exceptions import BotoCoreError, ClientError

from orchestration.compute.archive import packaged
from orchestration.compute.base import SparkCompute
from orchestration.compute.emr import driver
from orchestration.compute.emr.cluster import Uploaded, upload
from orchestration.compute.emr.settings import ServerlessSettings
from orchestration.compute.emr.steps import PYTHON, watch
from spark_assets.errors import EncoreError
from spark_assets.steps.settings import StepParams, StepResult

_BILLED = {"vCPUHour": "emr_vcpu_hours", "memoryGBHour": "emr_memory_gb_hours", "storageGBHour": "emr_storage_gb_hours"}


class ServerlessCompute(SparkCompute):
    """Runs each step as a job run of the application that the settings name."""

    settings: ServerlessSettings

    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        """Start one job run, wait for it, and return what its driver told."""
        emr, application = driver.client("emr-serverless"), self.settings.application_id
        with packaged() as package:
            uploaded = upload(driver.client("s3"), package, self.settings)
        with dg.open_pipes_session(
            context, dg.PipesEnvContextInjector(), driver.message_reader(self.settings)
        ) as session:
            variables = {**session.get_bootstrap_env_vars(), **driver.variables(self.settings)}
            driver_does = job_driver(uploaded, variables, [step, "--params", json.dumps(params.as_dict())])
            with _started(emr, request(self.settings, step, context.run_id, driver_does)) as run_id:
                session.report_launched({"extras": {"application": application, "job_run": run_id}})

                def look() -> tuple[str, str]:
                    seen = _described(emr, application, run_id)
                    return _state(seen), seen.get("stateDetails") or ""

                ended = watch(look, f"job run {run_id} of {application}", self.settings, context.log.info)
        log = f"{self.settings.root}/logs/applications/{application}/jobs/{run_id}/SPARK_DRIVER/stderr.gz"
        result = driver.result(step, session, ended, log, self.settings.log_seconds, context)
        place = {"emr_application": application, "emr_job_run": run_id, "emr_log": log}
        cost = {"emr_seconds": round(ended.seconds, 1), **billed(_described(emr, application, run_id))}
        return dataclasses.replace(result, facts={**result.facts, **place, **cost})


def job_driver(uploaded: Uploaded, variables: Mapping[str, str], arguments: Sequence[str]) -> dict[str, Any]:
    """The step as `start_job_run` takes it; nothing secret may be in it, as EMR shows it to whoever may look at runs.

    Sizes are what the application is configured for. Variables and addresses hold no blank, so that none is quoted.
    """
    settings = {
        "spark.archives": f"{uploaded.environment}#environment",
        "spark.dynamicAllocation.enabled": "false",  # XGBoost fits in barrier stages, which Spark refuses with it
        "spark.executorEnv.TZ": "UTC",
        "spark.executorEnv.PYSPARK_PYTHON": PYTHON,
        "spark.emr-serverless.driverEnv.TZ": "UTC",
        "spark.emr-serverless.driverEnv.PYSPARK_PYTHON": PYTHON,
        "spark.emr-serverless.driverEnv.PYSPARK_DRIVER_PYTHON": PYTHON,
        **{f"spark.emr-serverless.driverEnv.{name}": value for name, value in variables.items()},
    }
    options = ["--py-files", uploaded.archive]
    options += [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    return {
        "entryPoint": uploaded.script,
        "entryPointArguments": list(arguments),
        "sparkSubmitParameters": " ".join(options),
    }


def request(settings: ServerlessSettings, step: str, run_id: str, spark_submit: dict[str, Any]) -> dict[str, Any]:
    """The job run as `start_job_run` takes it; it ends itself when Dagster was killed and nobody looks at it."""
    return {
        "applicationId": settings.application_id,
        "executionRoleArn": settings.execution_role,
        "name": f"encore: {step}",
        "jobDriver": {"sparkSubmit": spark_submit},
        "configurationOverrides": {
            "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": f"{settings.root}/logs/"}}
        },
        "executionTimeoutMinutes": settings.step_hours * 60,
        "tags": {"encore/run": run_id},
    }


def billed(described: Mapping[str, Any]) -> dict[str, float]:
    """What AWS bills for a job run, as far as it says so by now."""
    used = described.get("billedResourceUtilization") or {}
    return {name: round(used[unit], 4) for unit, name in _BILLED.items() if unit in used}


@contextmanager
def _started(emr: Any, wanted: dict[str, Any]) -> Iterator[str]:  # noqa: ANN401 - boto3 has no types
    """Start a job run and yield its id; cancel it when the block ends by an exception or an interrupt.

    Raises:
        EncoreError: the application takes no job run.
    """
    application = wanted["applicationId"]
    try:
        run_id = str(emr.start_job_run(**wanted)["jobRunId"])
    except ClientError as error:
        told = error.response["Error"]
        raise EncoreError(
            f"EMR_APPLICATION_ID={application} takes no job run: {told['Code']}: {told.get('Message', '')}"
        ) from None
    try:
        yield run_id
    except BaseException:
        with suppress(BotoCoreError, ClientError):  # what ended the block is what people must learn of
            emr.cancel_job_run(applicationId=application, jobRunId=run_id)
        raise


def _described(emr: Any, application: str, run_id: str) -> dict[str, Any]:  # noqa: ANN401 - boto3 has no types
    described: dict[str, Any] = emr.get_job_run(applicationId=application, jobRunId=run_id)["jobRun"]
    return described


def _state(described: Mapping[str, Any]) -> str:
    """The state by the name that a step of a cluster has in it."""
    return "COMPLETED" if described["state"] == "SUCCESS" else str(described["state"])
