"""What a cluster takes from S3: Encore's code, put there once for each content, and the packed environment."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from orchestration.compute.emr.settings import SharedSettings
from orchestration.compute.packaging import Package
from spark_assets.errors import EncoreError

_BOOTSTRAP = Path(__file__).with_name("bootstrap.sh")


@dataclass(frozen=True)
class Uploaded:
    """Addresses of code, script, environment, and of what nodes run before all else."""

    archive: str
    script: str
    environment: str
    bootstrap: str


def split(uri: str) -> tuple[str, str]:
    """Return bucket and key of an s3 address."""
    parts = urlsplit(uri)
    return parts.netloc, parts.path.strip("/")


def upload(s3: Any, package: Package, settings: SharedSettings) -> Uploaded:  # noqa: ANN401 - boto3 has no types
    """Put the package where the cluster finds it, unless this very content lies there.

    Raises:
        EncoreError: the bucket cannot be used, or the environment is not there.
    """
    archive = f"{settings.root}/code/{package.archive.name}"
    script, bootstrap = (f"{settings.root}/code/{_named_by_content(path)}" for path in (package.script, _BOOTSTRAP))
    try:
        for uri, path in ((archive, package.archive), (script, package.script), (bootstrap, _BOOTSTRAP)):
            _put(s3, uri, path)
        if not _exists(s3, settings.environment_uri):
            place = f"EMR_ENVIRONMENT={settings.environment}" if settings.environment else f"EMR_BUCKET={settings.root}"
            raise EncoreError(
                f"{settings.environment_uri} does not exist: build and upload the environment by "
                f"`{place} .venv/bin/python -m deploy.emr.environment`."
            )
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        raise EncoreError(f"EMR_BUCKET={settings.bucket} cannot be used: {code}.") from None
    return Uploaded(archive, script, settings.environment_uri, bootstrap)


def tail_of(s3: Any, uri: str, lines: int) -> str | None:  # noqa: ANN401 - boto3 has no types
    """The last lines of a gzipped log; None while it is not there."""
    bucket, key = split(uri)
    try:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError:
        return None
    return "\n".join(gzip.decompress(body).decode(errors="replace").rstrip().splitlines()[-lines:])


def _named_by_content(path: Path) -> str:
    return f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"


def _put(s3: Any, uri: str, path: Path) -> None:  # noqa: ANN401 - boto3 has no types
    bucket, key = split(uri)
    if not _exists(s3, uri):
        s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())


def _exists(s3: Any, uri: str) -> bool:  # noqa: ANN401 - boto3 has no types
    bucket, key = split(uri)
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    return True
