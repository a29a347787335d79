"""Settings from the environment, read and checked in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import dagster as dg

from orchestration.compute.emr.settings import EmrSettings, ServerlessSettings
from spark_assets.errors import EncoreError
from spark_assets.steps.settings import BOUNDS, StepParams


def split(url: str) -> SplitResult | None:
    """The parts of an address, or None when they cannot be told apart."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed on access only
    except ValueError:
        return None
    return parts


def is_of_the_web(url: str) -> bool:
    """Whether an address names a host and begins with https:// or http://."""
    parts = split(url)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


MOST_FRESH_HOURS = 24 * 365


class Compute(StrEnum):
    """Where Spark runs, see `orchestration.compute`."""

    LOCAL = "local"
    CLUSTER = "cluster"
    EMR = "emr"
    EMR_SERVERLESS = "emr-serverless"


class BadSettingError(ValueError):
    """A variable is wrong, whose text is meant for the operator."""


class UnknownComputeError(BadSettingError):
    """`ENCORE_COMPUTE` names no backend."""


class MissingMasterError(BadSettingError):
    """`ENCORE_COMPUTE=cluster` without `SPARK_MASTER`."""


class BadAddressError(BadSettingError):
    """`ENCORE_LOGS` or `ENCORE_LAKE` is an address that Spark and Arrow do not both understand."""


class BadRunSettingError(BadSettingError):
    """An `ENCORE_*` variable of a run's setting holds no such value."""


AUTOMATIC_QUIET_SECONDS = 60
"""Of runs that start by themselves: whoever writes a file meanwhile may pause so long. At a command line a person
has just dropped it, and says so."""


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
    run: Mapping[str, int | float | str] = field(default_factory=dict)
    """Settings of runs that the environment names: where launchpad, automatic runs and the command line begin."""
    notes: tuple[str, ...] = ()
    """What is wrong with a time; the default holds in its place, since a mistyped time must stop no run."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read `ENCORE_HOME`, `ENCORE_LOGS`, `ENCORE_LAKE`, `ENCORE_COMPUTE`, what a backend needs, and times.

        Raises:
            UnknownComputeError: there is no such backend; never a fallback to another one.
            MissingMasterError: the backend is a cluster that nobody named.
            BadEmrSettingsError: the backend is EMR or EMR Serverless, and its settings are missing or wrong.
            BadAddressError: an address holds more than a place, such as a region or keys.
            BadRunSettingError: a setting of runs, such as `ENCORE_HORIZON_DAYS`, is out of its bounds.
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
            run=_run_settings(environ),
            **_times(environ),
        )


def variable_of(setting: str) -> str:
    """The variable that gives a setting of runs: `horizon_days` is `ENCORE_HORIZON_DAYS`."""
    return f"ENCORE_{setting.upper()}"


def _run_settings(environ: Mapping[str, str]) -> dict[str, int | float | str]:
    found: dict[str, int | float | str] = {}
    for name, bounds in BOUNDS.items():
        text = environ.get(variable_of(name), "").strip()
        if not text:
            continue
        kind = type(getattr(StepParams, name))
        try:
            found[name] = kind(text)
        except ValueError:
            number = "a whole number" if kind is int else "a number"
            raise BadRunSettingError(f"{variable_of(name)}={text!r} is not {number}. {bounds.meaning}") from None
        try:
            bounds.check(variable_of(name), found[name])  # type: ignore[arg-type] # a choice has texts, bounds numbers
        except EncoreError as error:
            raise BadRunSettingError(f"{error} {bounds.meaning}") from None
    return found


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


def _times(environ: Mapping[str, str]) -> dict[str, Any]:
    cron = environ.get("ENCORE_FALLBACK_CRON") or Settings.fallback_cron
    hours = environ.get("ENCORE_FRESH_HOURS") or str(Settings.fresh_hours)
    notes = []
    if not _is_cron(cron):
        notes.append(f"ENCORE_FALLBACK_CRON={cron!r} is no cron schedule; {Settings.fallback_cron!r} is used.")
        cron = Settings.fallback_cron
    if not hours.isdecimal() or not 1 <= int(hours) <= MOST_FRESH_HOURS:
        notes.append(
            f"ENCORE_FRESH_HOURS={hours!r} is not a whole number from 1 to {MOST_FRESH_HOURS}; {Settings.fresh_hours} "
            "is used."
        )
        hours = str(Settings.fresh_hours)
    return {"fallback_cron": cron, "fresh_hours": int(hours), "notes": tuple(notes)}


def _is_cron(text: str) -> bool:
    try:
        dg.ScheduleDefinition(name="probe", job_name="everything", cron_schedule=text)
    except dg.DagsterInvalidDefinitionError:
        return False
    return True


def _master(environ: Mapping[str, str]) -> str:
    if not environ.get("SPARK_MASTER"):
        raise MissingMasterError(
            "ENCORE_COMPUTE=cluster needs SPARK_MASTER, the cluster's address: spark://host:7077, yarn or "
            "k8s://https://host:443."
        )
    return environ["SPARK_MASTER"]
