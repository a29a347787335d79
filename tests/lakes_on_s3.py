"""Lakes on S3 as moto knows it, their lease, and processes that hold it."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from tests.aws import REGION

BUCKET = "lakes"
_KEY = "encore/.lock"
_ROOT = Path(__file__).parents[1]
_PATIENCE_S = 30.0

HOLD = """
import sys
from spark_assets.lake import s3_lease, storage

s3_lease.SECONDS = float(sys.argv[2])
with s3_lease.leased(storage.s3_place(sys.argv[1]), "Step ingest_logs", lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""


def address(variables: dict[str, str], name: str = BUCKET) -> str:
    """A lake on the moto that the variables lead to; its address alone leads there."""
    endpoint = urlsplit(variables["AWS_ENDPOINT_URL"]).netloc
    return f"s3://{name}/encore?region={REGION}&scheme=http&endpoint_override={endpoint}"


@contextmanager
def holding(lake: str, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a lease of so many seconds until its standard input ends."""
    command = [sys.executable, "-c", HOLD, lake, str(seconds)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=_ROOT, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            assert process.stdout.readline() == "held\n", process.stderr.read()
            yield process
        finally:
            process.kill()


def lock() -> Any:  # noqa: ANN401 - moto has no types
    """The object that is the lock; None when there is none."""
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys.get(_KEY)


def written() -> Any:  # noqa: ANN401 - JSON is any
    """What the lease says; None when there is none."""
    found = lock()
    return found and json.loads(found.value)


def put(body: bytes) -> None:
    """Write the lock, whoever has it."""
    boto3.client("s3").put_object(Bucket=BUCKET, Key=_KEY, Body=body)


def age(seconds: float) -> None:
    """Have so much time pass in S3 since the lock was written."""
    lock().last_modified -= timedelta(seconds=seconds)


def wait_until(reached: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    until = time.monotonic() + _PATIENCE_S
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.05)
