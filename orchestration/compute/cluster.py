"""`ENCORE_COMPUTE=cluster`: each step is a `spark-submit` to `SPARK_MASTER`, told and telling through Dagster Pipes."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration.compute.archive import Package, packaged
from orchestration.compute.base import SparkCompute, result_of
from spark_assets.errors import EncoreError
from spark_assets.steps.settings import StepParams, StepResult


def find_spark_submit() -> str:
    """The `spark-submit` of this environment, else the first on PATH."""
    ours = Path(sys.executable).with_name("spark-submit")
    return str(ours) if ours.exists() else shutil.which("spark-submit") or "spark-submit"


class ClusterCompute(SparkCompute):
    """Submits each step as an application of its own, with its driver on this machine (client mode)."""

    master: str = Field(description="The cluster: spark://host:7077, yarn or k8s://https://host:443.")
    spark_submit: str = Field(default_factory=find_spark_submit, description="Program that submits.")

    def run(self, step: str, params: StepParams, context: dg.OpExecutionContext) -> StepResult:
        """Submit one step and wait for it."""
        messages = _Messages()
        client = dg.PipesSubprocessClient(env=driver_environment(), message_reader=messages)
        arguments = [step, "--params", json.dumps(params.as_dict())]
        with packaged() as package:
            command = submit_command(self.spark_submit, self.master, package, arguments)
            silence = f"Step {step} ended on {self.master} without a result"
            try:
                client.run(context=context, command=command)
            except OSError as error:
                raise EncoreError(f"{self.spark_submit} cannot be started: {error.strerror}.") from None
            except Exception as error:
                # The client's error has no public name, and says less than the step itself: what that told is raised.
                silence = f"Step {step} did not run on {self.master}: {error}"
        return result_of(messages.received, silence)


def submit_command(program: str, master: str, package: Package, arguments: Sequence[str]) -> list[str]:
    """The command line. It holds no secret: those reach the driver by its environment, executors by closures.

    Sizes (memory, cores, instances) are not Encore's to say here: `spark-submit` reads them from `spark-defaults.conf`.
    """
    settings = {
        "spark.executorEnv.TZ": "UTC",
        "spark.log.level": os.environ.get("ENCORE_SPARK_LOG_LEVEL", "ERROR"),
    }
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    where = ["--master", master, "--deploy-mode", "client", "--py-files", str(package.archive)]
    return [program, *where, *options, str(package.script), *arguments]


def driver_environment() -> dict[str, str]:
    """What the driver's environment has beside ours."""
    return {
        "TZ": "UTC",
        "PYTHONPATH": "",  # the driver takes Encore's code from the package too, or from nowhere
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON") or sys.executable,
    }


class _Messages(dg.PipesTempFileMessageReader):
    """Keeps hold of what a process told, which the client lets go of when the process fails."""

    _handler: dg.PipesMessageHandler | None = None

    @contextmanager
    def read_messages(self, handler: dg.PipesMessageHandler) -> Iterator[Mapping[str, Any]]:
        self._handler = handler
        with super().read_messages(handler) as params:
            yield params

    @property
    def received(self) -> Sequence[dict[str, Any]]:
        return self._handler.get_custom_messages() if self._handler else ()
