"""AWS on this machine: moto's server, and the variables that lead every client there."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from moto.server import ThreadedMotoServer

REGION = "us-east-1"


@contextmanager
def moto_server() -> Iterator[dict[str, str]]:
    """Yield the variables that lead every AWS client to a fresh moto on 127.0.0.1."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }
    finally:
        server.stop()


@contextmanager
def bucket(name: str, variables: dict[str, str]) -> Iterator[None]:
    """Have a bucket, and clients of this process and its children go to where it is, for a block."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in variables.items():
            patch.setenv(variable, value)
        made = boto3.resource("s3").create_bucket(Bucket=name)
        try:
            yield
        finally:
            made.objects.delete()
            made.delete()
