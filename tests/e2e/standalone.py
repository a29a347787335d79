"""A real standalone Spark cluster from the installed pyspark: a master and workers, each a process of its own."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark

_SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
_START_SECONDS = 60
_STOP_SECONDS = 30


@dataclass(frozen=True)
class Cluster:
    """Address of the master, and the folders in which the workers run and start executors."""

    master: str
    workers: tuple[Path, ...]


@contextmanager
def standalone(home: Path, workers: int = 2, memory: str = "1g") -> Iterator[Cluster]:
    """Start a cluster below `home` on free ports of 127.0.0.1, with one core and `memory` a worker; stop it after."""
    with ExitStack() as stack:
        folders = tuple(home / f"worker-{number}" for number in range(workers))
        master_log = stack.enter_context(
            _daemon(home / "master", "master.Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        )
        address = _wait_for(master_log, r"Starting Spark master at (spark://\S+)")
        logs = [
            stack.enter_context(
                _daemon(
                    folder, "worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1",
                    "--memory", memory, "--work-dir", str(folder / "work"), address,
                )
            )
            for folder in folders
        ]  # fmt: skip
        for log in logs:
            _wait_for(log, r"(Successfully registered) with master")
        yield Cluster(address, folders)


@contextmanager
def _daemon(folder: Path, name: str, *arguments: str) -> Iterator[Path]:
    """Run one process of the cluster in its own folder; yields its log."""
    folder.mkdir(parents=True)
    log = folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(_SPARK_CLASS), f"org.apache.spark.deploy.{name}", *arguments],
            cwd=folder,
            env=_environment(),
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            yield log
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment() -> dict[str, str]:
    """What another machine would have: Java, and nothing of Encore's; not even the same clock on the wall."""
    kept = {name: os.environ[name] for name in ("PATH", "JAVA_HOME") if name in os.environ}
    options = "-XX:TieredStopAtLevel=1"  # started quickly, soon over
    return {**kept, "TZ": "Pacific/Auckland", "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": options}


def _wait_for(log: Path, pattern: str) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while not (found := re.search(pattern, log.read_text(errors="replace"))):
        assert time.monotonic() < deadline, f"{pattern} did not show up:\n{log.read_text(errors='replace')}"
        time.sleep(0.1)
    return found.group(1)
