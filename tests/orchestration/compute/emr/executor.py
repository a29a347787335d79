"""EMR on this machine: moto's server keeps clusters and steps, and a thread runs each submitted step as a process."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.emr.models import emr_backends
from moto.emrserverless.models import emrserverless_backends

from orchestration.compute.cluster import find_spark_submit
from tests.aws import REGION, bucket

BUCKET = "s3://encore-tests/prefix"

Fate = Callable[["Executor", Any], str]
"""What becomes of a step; returns its last state."""


@dataclass
class Executor:
    """Runs steps in their order; `fates` says by Encore's name of a step what becomes of it instead."""

    completed: ClassVar = "COMPLETED"
    driver_variables: ClassVar = "spark.yarn.appMasterEnv."

    folder: Path
    fates: dict[str, Fate] = field(default_factory=dict)
    commands: list[list[str]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _seen: set[str] = field(default_factory=set)

    @property
    def clusters(self) -> list[Any]:
        return list(emr_backends[DEFAULT_ACCOUNT_ID][REGION].clusters.values())

    def submitted(self) -> list[Any]:
        """All steps, as moto keeps them."""
        return [step for cluster in self.clusters for step in cluster.steps]

    def command_of(self, step: Any) -> list[str]:  # noqa: ANN401 - moto has no types
        """The command line of a step, from `spark-submit` on."""
        return list(step.args)

    def work(self) -> None:
        """Look for steps that wait, until told to stop."""
        while not self._over.wait(0.05):
            for step in self.submitted():
                if step.id not in self._seen:
                    self._seen.add(step.id)
                    self.commands.append(self.command_of(step))
                    fate = self.fates.get(step.name.removeprefix("encore: "), Executor.run)
                    try:
                        step.state = fate(self, step)
                    except Exception as error:
                        (self.folder / "executor.log").write_text(repr(error))
                        step.state = "FAILED"

    def stop(self) -> None:
        self._over.set()

    def run(self, step: Any) -> str:  # noqa: ANN401 - moto has no types
        """Run a step's spark-submit here: what it names in S3 is fetched from there, its environment is ours."""
        command = self.command_of(step)
        assert command[0] == "spark-submit"
        environ = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
        for name, value in _settings(command):
            if name.startswith(self.driver_variables) and "PYSPARK" not in name:
                environ[name.removeprefix(self.driver_variables)] = value
        for secret in ("DATABASE_URL", "PUBLISH_DATABASE_URL", "ENCORE_PSEUDONYM_KEY"):
            environ.pop(secret, None)
        script = next(place for place, word in enumerate(command) if word.endswith(".py"))
        archive = self._fetch(command[command.index("--py-files") + 1])
        here = [find_spark_submit(), "--master", "local[1]", "--conf", "spark.ui.enabled=false"]
        here += ["--py-files", archive, self._fetch(command[script]), *command[script + 1 :]]
        done = subprocess.run(here, env=environ, cwd=self.folder, capture_output=True, text=True, check=False)
        (self.folder / f"{step.id}.log").write_text(done.stdout + done.stderr)
        return self.completed if done.returncode == 0 else "FAILED"

    def _fetch(self, uri: str) -> str:
        name, _, key = uri.removeprefix("s3://").partition("/")
        target = self.folder / Path(key).name
        boto3.client("s3").download_file(name, key, str(target))
        return str(target)


def _settings(command: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word, value in pairwise(command):
        if word == "--conf":
            name, _, text = value.partition("=")
            yield name, text


@dataclass
class ServerlessExecutor(Executor):
    """The same for job runs of EMR Serverless."""

    completed: ClassVar = "SUCCESS"
    driver_variables: ClassVar = "spark.emr-serverless.driverEnv."

    def submitted(self) -> list[Any]:
        """All job runs, as moto keeps them."""
        kept = emrserverless_backends[DEFAULT_ACCOUNT_ID][REGION].job_runs
        return [run for runs in list(kept.values()) for run in runs]

    def command_of(self, step: Any) -> list[str]:  # noqa: ANN401 - moto has no types
        """The command line that a job run stands for."""
        does = step.job_driver["sparkSubmit"]
        return [
            "spark-submit",
            *does["sparkSubmitParameters"].split(),
            does["entryPoint"],
            *does["entryPointArguments"],
        ]


@contextmanager
def at_work(executor: Executor) -> Iterator[None]:
    """Have an executor work beside a block; AWS's variables must lead to moto's address, see `tests.aws`."""
    thread = threading.Thread(target=executor.work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        executor.stop()
        thread.join()


@contextmanager
def prepared_bucket(variables: dict[str, str]) -> Iterator[None]:
    """Have the bucket of the settings, with an environment in it."""
    with bucket("encore-tests", variables):
        boto3.client("s3").put_object(
            Bucket="encore-tests", Key="prefix/environment/environment.tar.gz", Body=b"packed"
        )
        yield
