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
from typing import Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.emr.models import emr_backends

from orchestration.compute.cluster import find_spark_submit
from tests.aws import REGION

BUCKET = "s3://encore-tests/prefix"
_MASTER_ENV = "spark.yarn.appMasterEnv."

Fate = Callable[["Executor", Any], str]
"""What becomes of a step; returns its last state."""


@dataclass
class Executor:
    """Runs steps in their order; `fates` says by Encore's name of a step what becomes of it instead."""

    folder: Path
    fates: dict[str, Fate] = field(default_factory=dict)
    commands: list[list[str]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _seen: set[str] = field(default_factory=set)

    @property
    def clusters(self) -> list[Any]:
        return list(emr_backends[DEFAULT_ACCOUNT_ID][REGION].clusters.values())

    def work(self) -> None:
        """Look for steps that wait, until told to stop."""
        while not self._over.wait(0.05):
            for cluster in self.clusters:
                for step in cluster.steps:
                    if step.id not in self._seen:
                        self._seen.add(step.id)
                        self.commands.append(list(step.args))
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
        command = list(step.args)
        assert command[0] == "spark-submit"
        environ = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
        for name, value in _settings(command):
            if name.startswith(_MASTER_ENV) and "PYSPARK" not in name:
                environ[name.removeprefix(_MASTER_ENV)] = value
        for secret in ("DATABASE_URL", "PUBLISH_DATABASE_URL", "ENCORE_PSEUDONYM_KEY"):
            environ.pop(secret, None)
        script = next(place for place, word in enumerate(command) if word.endswith(".py"))
        archive = self._fetch(command[command.index("--py-files") + 1])
        here = [find_spark_submit(), "--master", "local[1]", "--conf", "spark.ui.enabled=false"]
        here += ["--py-files", archive, self._fetch(command[script]), *command[script + 1 :]]
        done = subprocess.run(here, env=environ, cwd=self.folder, capture_output=True, text=True, check=False)
        (self.folder / f"{step.id}.log").write_text(done.stdout + done.stderr)
        return "COMPLETED" if done.returncode == 0 else "FAILED"

    def _fetch(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        target = self.folder / Path(key).name
        boto3.client("s3").download_file(bucket, key, str(target))
        return str(target)


def _settings(command: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word, value in pairwise(command):
        if word == "--conf":
            name, _, text = value.partition("=")
            yield name, text


@contextmanager
def emr(folder: Path) -> Iterator[Executor]:
    """Start moto's server and the executor; AWS's variables must lead to its address, see `tests.aws`."""
    executor = Executor(folder)
    thread = threading.Thread(target=executor.work, daemon=True)
    thread.start()
    try:
        yield executor
    finally:
        executor.stop()
        thread.join()
