"""What a step's driver is given on AWS, and what it tells: the same on a cluster and on EMR Serverless."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import dagster as dg
from botocore.config import Config
from dagster_aws.pipes import PipesS3MessageReader

from orchestration.compute.base import result_of
from orchestration.compute.emr.cluster import split, tail_of
from orchestration.compute.emr.settings import SharedSettings
from orchestration.compute.emr.steps import Ended
from spark_assets.steps.settings import StepResult

_RETRIES = Config(retries={"mode": "standard", "max_attempts": 5})
_LOG_LINES = 15


def client(service: str) -> Any:  # noqa: ANN401 - boto3 has no types
    """A client of AWS that tries again."""
    return boto3.client(service, config=_RETRIES)


def variables(settings: SharedSettings) -> dict[str, str]:
    """What the driver's environment has there; the secret's name, not what it holds."""
    found = {"AWS_REGION": client("s3").meta.region_name, "ENCORE_SECRET": settings.secret}
    found["AWS_ENDPOINT_URL"] = os.environ.get("AWS_ENDPOINT_URL", "")
    return {name: value for name, value in found.items() if value}


def message_reader(settings: SharedSettings) -> PipesS3MessageReader:
    """The reader of what a step tells through S3."""
    bucket, prefix = split(settings.root)
    seconds = min(10, settings.poll_seconds)
    return _Messages(prefix, bucket=bucket, client=client("s3"), interval=seconds)


def result(
    step: str, session: dg.PipesSession, ended: Ended, log: str, seconds: float, context: dg.OpExecutionContext
) -> StepResult:
    """What a step told. The log of one that failed without a word is waited for, for so many seconds, and shown.

    Raises:
        EncoreError: what the step said must be mended.
        StepFailedError: it failed for another reason, or was cancelled.
        StepLostError: it failed, and said nothing itself.
    """
    told = session.get_custom_messages()
    if not told:
        _show_log(log, seconds if ended.state == "FAILED" else 0, context)
        ended.raise_unless_completed(step, log)
    found = result_of(told, f"Step {step} completed on EMR without a result")
    ended.raise_unless_completed(step, log)
    return found


def _show_log(log: str, seconds: float, context: dg.OpExecutionContext) -> None:
    """Show the end of a driver's log, which comes to S3 some time after its end."""
    until = time.monotonic() + seconds
    text = tail_of(client("s3"), log, _LOG_LINES)
    while text is None and time.monotonic() < until:
        time.sleep(1)
        text = tail_of(client("s3"), log, _LOG_LINES)
    if text:
        context.log.error(f"The end of {log}:\n{text}")


class _Messages(PipesS3MessageReader):
    """Messages below the prefix of the settings, which are all that the roles may write to."""

    def __init__(self, prefix: str, **options: Any) -> None:  # noqa: ANN401 - the reader's own
        super().__init__(include_stdio_in_messages=True, **options)
        self._prefix = f"{prefix}/messages" if prefix else "messages"

    @contextmanager
    def get_params(self) -> Iterator[dict[str, Any]]:
        with super().get_params() as params:
            yield {**params, "key_prefix": f"{self._prefix}/{params['key_prefix']}"}
