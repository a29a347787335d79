"""Settings of the EMR backends, read from `EMR_...` variables and bounded here."""

import os
from collections.abc import Mapping
from typing import ClassVar, Self

import dagster as dg
from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

_S3 = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./=-]*)?$"
_INSTANCE = r"^[a-z0-9-]+\.[a-z0-9]+$"
_ROLE = r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$"
_NAMED = r"^[\w/+=.@:-]*$"


class BadEmrSettingsError(ValueError):
    """A variable of an EMR backend is missing or out of its bounds; the text names each."""


class SharedSettings(dg.Config):
    """Where code, messages and logs lie, and how steps are watched: on clusters and on EMR Serverless alike."""

    backend: ClassVar[str]
    """The value of `ENCORE_COMPUTE` that these settings are for."""

    bucket: str = Field(
        pattern=_S3,
        examples=["s3://bucket/prefix"],
        description="s3://bucket/prefix for code, environment, messages and logs.",
    )
    step_hours: int = Field(6, ge=1, le=72, description="A step that takes longer is cancelled.")
    poll_seconds: int = Field(15, ge=1, le=300, description="Between two looks at a step.")
    log_seconds: int = Field(30, ge=0, le=600, description="Wait for the log of a step that failed without a word.")
    environment: str = Field(
        "",
        pattern=_S3[:-1] + r"$|^$",
        examples=["s3://bucket/environment.tar.gz"],
        description="Packed environment; default in the bucket.",
    )
    secret: str = Field(
        "",
        pattern=_NAMED,
        examples=["encore/pipeline"],
        description="Secret in Secrets Manager: JSON with PUBLISH_DATABASE_URL and the like.",
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read `EMR_BUCKET`, `EMR_CLUSTER_ID` and so on: a field's name in capitals after `EMR_`.

        Raises:
            BadEmrSettingsError: names every variable that is missing or wrong, without its value.
        """
        names = {f"EMR_{name.upper()}": name for name in cls.model_fields}
        given = {field: environ[name] for name, field in names.items() if environ.get(name)}
        try:
            return cls(**given)  # type: ignore[arg-type] # pydantic turns texts into numbers
        except ValidationError as error:
            fields = [str(item["loc"][0]) for item in error.errors()]
            wrong = [f"EMR_{name.upper()}: {_wanted(cls.model_fields[name])}" for name in fields]
            raise BadEmrSettingsError(f"ENCORE_COMPUTE={cls.backend}: {'; '.join(wrong)}.") from None

    @property
    def root(self) -> str:
        """The bucket with its prefix, without a slash at the end."""
        return self.bucket.rstrip("/")

    @property
    def environment_uri(self) -> str:
        """Where the packed environment lies."""
        return self.environment or f"{self.root}/environment/environment.tar.gz"


def _wanted(field: FieldInfo) -> str:
    """Say what a variable must be, by the field's bounds or by an example of its form."""
    least = next((each.ge for each in field.metadata if hasattr(each, "ge")), None)
    greatest = next((each.le for each in field.metadata if hasattr(each, "le")), None)
    if least is not None:
        kind = "a whole number" if field.annotation is int else "a number"
        return f"it must be {kind} from {least} to {greatest}"
    return f"it is missing or not of the form {(field.examples or [field.default])[0]}"


class EmrSettings(SharedSettings):
    """What a cluster is made of."""

    backend = "emr"

    cluster_id: str = Field(
        "", pattern=r"^(j-\w+)?$", examples=["j-2AXXXXXXGAPLF"], description="Use this cluster, and leave it running."
    )
    release: str = Field("emr-spark-8.0.0", description="EMR release; its Spark must be the pinned one.")
    subnet_id: str = Field(
        "", pattern=r"^(subnet-\w+)?$", examples=["subnet-0a1b2c3d"], description="Subnet of the cluster."
    )
    service_role: str = Field("EncoreEmrService", description="Role that EMR itself takes on.")
    instance_profile: str = Field("EncoreEmrNode", description="Instance profile of the nodes.")
    security_group: str = Field(
        "",
        pattern=r"^(sg-\w+)?$",
        examples=["sg-0a1b2c3d"],
        description="Added to every node: the way to Postgres.",
    )
    primary_type: str = Field(
        "m6a.xlarge", pattern=_INSTANCE, examples=["m6a.xlarge"], description="Instance type of the primary node."
    )
    core_type: str = Field(
        "m6a.2xlarge", pattern=_INSTANCE, examples=["m6a.2xlarge"], description="Instance type of core and spot nodes."
    )
    core_nodes: int = Field(2, ge=1, le=100, description="Core nodes, on demand; one of them holds the driver.")
    spot_nodes: int = Field(
        0, ge=0, le=200, description="Further nodes on the spot market, at most at the usual price."
    )
    idle_seconds: int = Field(900, ge=60, le=86_400, description="An idle cluster ends itself after so long.")
    usd_per_hour: float = Field(0, ge=0, le=10_000, description="Price of the whole cluster, for the cost note.")


class ServerlessSettings(SharedSettings):
    """Which application of EMR Serverless computes, and by which role."""

    backend = "emr-serverless"

    application_id: str = Field(
        pattern=r"^[0-9a-z]{1,64}$", examples=["00fapplication"], description="The application; Encore makes none."
    )
    execution_role: str = Field(
        pattern=_ROLE,
        examples=["arn:aws:iam::123456789012:role/encore"],
        description="ARN of the role that steps run by.",
    )
