"""What the environment says, read and checked at one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from orchestration.compute.emr.settings import EmrSettings, ServerlessSettings

MOST_FRESH_HOURS = 24 * 365


class Compute(StrEnum):
    """Where Spark runs, see `orchestration.compute`."""

    LOCAL = "local"
    CLUSTER = "cluster"
    EMR = "emr"
    EMR_SERVERLESS = "emr-serverless"


class UnknownComputeError(ValueError):
    """`ENCORE_COMPUTE` names no backend."""


class MissingMasterError(ValueError):
    """`ENCORE_COMPUTE=cluster` without `SPARK_MASTER`."""


class BadAddressError(ValueError):
    """`ENCORE_LOGS` or `ENCORE_LAKE` is an address that Spark and Arrow do not both understand."""


class BadHoursError(ValueError):
    """`ENCORE_FRESH_HOURS` is no number of hours."""


@dataclass(frozen=True)
class Settings:
    """Places and backend; defaults as documented in the README's table of variables."""

    inbox: str
    lake: str
    compute: Compute
    master: str | None = None
    """Address of the cluster, when there is one."""
    emr: EmrSettings | None = None
    """Settings of the EMR backend, when it is that."""
    serverless: ServerlessSettings | None = None
    """Settings of EMR Serverless, when it is that."""
    fallback_cron: str = "0 4 * * *"
    """When, in UTC, the daily fallback looks whether something was left undone."""
    fresh_hours: int = 36
    """Assets older than this count as stale; three quarters of it warn."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `ENCORE_HOME`, `ENCORE_LOGS`, `ENCORE_LAKE`, `ENCORE_COMPUTE`, what a backend needs, and times.

        Raises:
            UnknownComputeError: there is no such backend; never a fallback to another one.
            MissingMasterError: the backend is a cluster that nobody named.
            BadEmrSettingsError: the backend is EMR or EMR Serverless, and its settings are missing or wrong.
            BadAddressError: an address holds more than a place, such as a region or keys.
            BadHoursError: `ENCORE_FRESH_HOURS` is no number of hours.
        """
        home = Path(environ.get("ENCORE_HOME") or ".encore").absolute()
        name = environ.get("ENCORE_COMPUTE") or Compute.LOCAL.value
        if name not in set(Compute):
            raise UnknownComputeError(f"ENCORE_COMPUTE={name!r} is unknown: one of {[str(item) for item in Compute]}.")
        return cls(
            inbox=_address("ENCORE_LOGS", environ) or str(home / "inbox"),
            lake=_address("ENCORE_LAKE", environ) or str(home / "lake"),
            compute=Compute(name),
            master=_master(environ) if name == Compute.CLUSTER else None,
            emr=EmrSettings.from_environ(environ) if name == Compute.EMR else None,
            serverless=ServerlessSettings.from_environ(environ) if name == Compute.EMR_SERVERLESS else None,
            fallback_cron=environ.get("ENCORE_FALLBACK_CRON") or cls.fallback_cron,
            fresh_hours=_hours(environ),
        )


def _address(name: str, environ: Mapping[str, str]) -> str:
    """The address as it is, empty without one; the value is never told, as it may hold keys."""
    address = environ.get(name, "")
    if "://" in address:
        parts = urlsplit(address)
        if parts.query or "@" in parts.netloc:
            raise BadAddressError(
                f"{name} must be a place alone, such as s3://bucket/prefix: region and keys are the environment's "
                "(AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or the machine's role)."
            )
    return address


def _hours(environ: Mapping[str, str]) -> int:
    text = environ.get("ENCORE_FRESH_HOURS") or str(Settings.fresh_hours)
    if not text.isdecimal() or not 1 <= int(text) <= MOST_FRESH_HOURS:
        raise BadHoursError(f"ENCORE_FRESH_HOURS={text!r} is not a whole number from 1 to {MOST_FRESH_HOURS}.")
    return int(text)


def _master(environ: Mapping[str, str]) -> str:
    if not environ.get("SPARK_MASTER"):
        raise MissingMasterError(
            "ENCORE_COMPUTE=cluster needs SPARK_MASTER, the cluster's address: spark://host:7077, yarn or "
            "k8s://https://host:443."
        )
    return environ["SPARK_MASTER"]
