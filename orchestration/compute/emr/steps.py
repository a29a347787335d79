"""One step of a cluster: its command line, its submission, and how it ended."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from orchestration.compute.base import StepFailedError, StepLostError
from orchestration.compute.emr.cluster import OVER, Cluster, Uploaded
from orchestration.compute.emr.settings import EmrSettings, SharedSettings

PYTHON = "./environment/bin/python"
_ENDED = ("COMPLETED", "CANCELLED", "FAILED", "INTERRUPTED")
_BY_SOMEBODY = ("CANCELLED", "INTERRUPTED")


@dataclass(frozen=True)
class Ended:
    """The last state of a step, EMR's reason, and its seconds on the cluster."""

    state: str
    reason: str
    seconds: float

    def raise_unless_completed(self, name: str, log: str) -> None:
        """Raise what kept it from completing.

        Raises:
            StepFailedError: somebody cancelled it.
            StepLostError: it failed, and said nothing itself.
        """
        if self.state == "COMPLETED":
            return
        said = f": {self.reason}" if self.reason else ""
        if self.state in _BY_SOMEBODY:
            raise StepFailedError(f"Step {name} was {self.state.lower()} on EMR{said}.")
        raise StepLostError(f"Step {name} failed on EMR without a word{said}. Its log: {log}")


def spark_submit(uploaded: Uploaded, variables: Mapping[str, str], arguments: Sequence[str]) -> list[str]:
    """The command line of a step; nothing secret may be in it, as EMR shows it to whoever may look at steps.

    The driver runs on the cluster (`cluster` mode), in the same unpacked environment as the executors. Resources are
    what the cluster is configured for. An application is tried once: trying again is Dagster's business.
    """
    settings = {
        "spark.yarn.maxAppAttempts": "1",
        "spark.dynamicAllocation.enabled": "false",  # XGBoost fits in barrier stages, which Spark refuses with it
        "spark.executorEnv.TZ": "UTC",
        "spark.executorEnv.PYSPARK_PYTHON": PYTHON,
        "spark.yarn.appMasterEnv.TZ": "UTC",
        "spark.yarn.appMasterEnv.PYSPARK_PYTHON": PYTHON,
        "spark.yarn.appMasterEnv.PYSPARK_DRIVER_PYTHON": PYTHON,
        **{f"spark.yarn.appMasterEnv.{name}": value for name, value in variables.items()},
    }
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    where = ["--master", "yarn", "--deploy-mode", "cluster", "--py-files", uploaded.archive]
    where += ["--archives", f"{uploaded.environment}#environment"]
    return ["spark-submit", *where, *options, uploaded.script, *arguments]


@contextmanager
def submitted(cluster: Cluster, name: str, command: Sequence[str]) -> Iterator[str]:
    """Submit a step and yield its id; cancel it when the block ends by an exception or an interrupt."""
    jar = {"Jar": "command-runner.jar", "Args": list(command)}
    # CONTINUE: what comes after a failure is for Dagster to say.
    definition = {"Name": f"encore: {name}", "ActionOnFailure": "CONTINUE", "HadoopJarStep": jar}
    (step_id,) = cluster.emr.add_job_flow_steps(JobFlowId=cluster.cluster_id, Steps=[definition])["StepIds"]
    try:
        yield step_id
    except BaseException:
        with suppress(BotoCoreError, ClientError):  # what ended the block is what people must learn of
            cluster.emr.cancel_steps(
                ClusterId=cluster.cluster_id, StepIds=[step_id], StepCancellationOption="TERMINATE_PROCESS"
            )
        raise


def wait_for(
    cluster: Cluster,
    step_id: str,
    settings: EmrSettings,
    tell: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Ended:
    """Look at a step until it ended, see `watch`."""

    def look() -> tuple[str, str]:
        step = cluster.emr.describe_step(ClusterId=cluster.cluster_id, StepId=step_id)["Step"]
        state = step["Status"]["State"]
        lost = _lost_with(cluster) if state == "PENDING" else None
        return ("FAILED", lost) if lost is not None else (state, _reason(step, cluster) if state in _ENDED else "")

    return watch(look, f"step {step_id} on {cluster.cluster_id}", settings, tell, sleep, clock)


def watch(
    look: Callable[[], tuple[str, str]],
    what: str,
    settings: SharedSettings,
    tell: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Ended:
    """Look at what was submitted, for its state and the reason of that, until it ended; each new state is told.

    Raises:
        StepFailedError: it took longer than the settings allow.
    """
    last, began = "", clock()
    while True:
        state, reason = look()
        if state != last:
            tell(f"EMR {what}: {state}")
            last = state
        if state in _ENDED:
            return Ended(state, reason, clock() - began)
        if clock() - began > settings.step_hours * 3_600:
            raise StepFailedError(f"EMR {what} took longer than EMR_STEP_HOURS={settings.step_hours}.")
        sleep(settings.poll_seconds)


def _lost_with(cluster: Cluster) -> str | None:
    """Why a step that waits will never run, if so: its cluster has ended."""
    described = cluster.describe()
    if described["Status"]["State"] not in OVER:
        return None
    return f"cluster {described['Status']['State']}: {_message(described) or 'no reason given'}"


def _reason(step: dict[str, Any], cluster: Cluster) -> str:
    """What EMR says of a step that did not complete, else of its cluster."""
    if step["Status"]["State"] == "COMPLETED":
        return ""
    details = step["Status"].get("FailureDetails") or {}
    parts = [details.get("Reason"), details.get("Message"), _message(step)]
    return "; ".join(part for part in parts if part) or _lost_with(cluster) or ""


def _message(thing: dict[str, Any]) -> str:
    return str((thing["Status"].get("StateChangeReason") or {}).get("Message") or "")
