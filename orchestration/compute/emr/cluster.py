"""A cluster: its configuration, start and end, and what it reads from S3."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from orchestration.compute.archive import Package
from orchestration.compute.emr.settings import EmrSettings, SharedSettings
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


OVER = ("TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS")


@dataclass
class Cluster:
    """A running cluster, and whether it is ours to end."""

    emr: Any
    cluster_id: str
    is_ours: bool

    def is_over(self) -> bool:
        """Whether it ends or has ended."""
        return self.describe()["Status"]["State"] in OVER

    def describe(self) -> dict[str, Any]:
        """What EMR says of it."""
        described: dict[str, Any] = self.emr.describe_cluster(ClusterId=self.cluster_id)["Cluster"]
        return described

    def terminate(self) -> None:
        """End it, if it is ours."""
        if self.is_ours:
            self.emr.terminate_job_flows(JobFlowIds=[self.cluster_id])


def start(emr: Any, settings: EmrSettings, run_id: str, bootstrap: str) -> Cluster:  # noqa: ANN401 - boto3 has no types
    """Ask for a cluster for a run, or take the one that the settings name."""
    if settings.cluster_id:
        return Cluster(emr, settings.cluster_id, is_ours=False)
    answer = emr.run_job_flow(**job_flow(settings, run_id, bootstrap))
    return Cluster(emr, answer["JobFlowId"], is_ours=True)


def job_flow(settings: EmrSettings, run_id: str, bootstrap: str) -> dict[str, Any]:
    """The cluster as `run_job_flow` takes it."""
    return {
        "Name": f"encore {run_id[:8]}",
        "ReleaseLabel": settings.release,
        "LogUri": f"{settings.root}/logs/",
        "ServiceRole": settings.service_role,
        "JobFlowRole": settings.instance_profile,
        "Applications": [{"Name": "Spark"}],
        # As many and as large executors as the nodes hold, whatever their type.
        "Configurations": [{"Classification": "spark", "Properties": {"maximizeResourceAllocation": "true"}}],
        "BootstrapActions": [{"Name": "python 3.11", "ScriptBootstrapAction": {"Path": bootstrap}}],
        "Instances": _instances(settings),
        "StepConcurrencyLevel": 1,
        # The net below all else: a cluster whose Dagster was killed ends itself.
        "AutoTerminationPolicy": {"IdleTimeout": settings.idle_seconds},
        "VisibleToAllUsers": True,
        # EMR's managed policies touch only what bears the second tag.
        "Tags": [
            {"Key": "encore/run", "Value": run_id},
            {"Key": "for-use-with-amazon-emr-managed-policies", "Value": "true"},
        ],
    }


def _instances(settings: EmrSettings) -> dict[str, Any]:
    groups: list[dict[str, Any]] = [
        _group("MASTER", settings.primary_type, 1),
        _group("CORE", settings.core_type, settings.core_nodes),
    ]
    if settings.spot_nodes:
        # without a bid EMR pays what the market asks, up to the usual price
        groups.append(_group("TASK", settings.core_type, settings.spot_nodes) | {"Market": "SPOT"})
    instances = {"InstanceGroups": groups, "KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": False}
    if settings.subnet_id:
        instances["Ec2SubnetId"] = settings.subnet_id
    if settings.security_group:
        for role in ("Master", "Slave"):
            instances[f"Additional{role}SecurityGroups"] = [settings.security_group]
    return instances


def _group(role: str, kind: str, count: int) -> dict[str, Any]:
    return {
        "Name": role.lower(),
        "InstanceRole": role,
        "InstanceType": kind,
        "InstanceCount": count,
        "Market": "ON_DEMAND",
    }


def nodes(settings: EmrSettings) -> int:
    """How many nodes are paid for."""
    return 1 + settings.core_nodes + settings.spot_nodes
