"""Dagster's own folder, and its settings there: brought up to date by a newer Encore, unless changed by hand."""

import difflib
from hashlib import sha256
from pathlib import Path

from deploy.local.console import complain
from deploy.local.settings import write_private

DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false # no dialog that asks operators for their address
concurrency:
  runs:
    # one machine, one lake: a second run at once would only wait for the first one's memory and files
    max_concurrent_runs: 1
  pools:
    # what two runs must not do at once, such as publishing; runs that other processes execute keep to it too
    granularity: op
    default_limit: 1
run_monitoring:
  enabled: true
  # a slot that a killed run held is free again so long after it
  free_slots_after_run_end_seconds: 60
run_retries:
  # a run whose process was killed is tried again from where it stopped; one that failed is not
  enabled: true
  max_retries: 2
  retry_on_asset_or_op_failure: false
freshness:
  enabled: true
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: {skipped: 7, failure: 30, success: 90}
"""

SETTINGS = "dagster.yaml"
AS_WRITTEN = "dagster.yaml.encore"
"""The text of the Encore that ran here last: settings that equal it were not changed by hand."""

_BEFORE_COPIES = (
    "c5438a42a74451fcd32f01266267c78b2c7ad1239de56adeba4fd54a59327b64",
    "7676da8d879080543bbc8947ac001f9f4009ca4a4d4f619dff303bf99051623e",
    "f2752ac361e55d92410469a313e9d4a8ecb500b2c056d512cb028c7c2002593b",
)
"""SHA-256 of the texts that Encore wrote when it did not yet lay `AS_WRITTEN` beside them."""


def dagster_home(home: Path) -> Path:
    """Return Dagster's own folder below ENCORE_HOME, with settings in it.

    Settings as an earlier Encore wrote them are brought up to date. Those changed by hand are left alone: of each
    newer text the difference is told, once.
    """
    folder = home / "dagster"
    settings, copy, ours = folder / SETTINGS, folder / AS_WRITTEN, DAGSTER_YAML.encode()
    found, written = _bytes_of(settings), _bytes_of(copy)
    if found is None:
        write_private(settings, DAGSTER_YAML)
    elif found == written or sha256(found).hexdigest() in _BEFORE_COPIES:
        if found != ours:
            write_private(settings, DAGSTER_YAML)
            complain(f"Encore: {settings} was as an earlier Encore wrote it, and has been brought up to date.")
    elif ours not in (found, written):
        complain(_difference(settings, found))
    if written != ours:
        write_private(copy, DAGSTER_YAML)
    return folder


def _bytes_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _difference(settings: Path, found: bytes) -> str:
    theirs = found.decode("utf-8", errors="replace").splitlines()
    lines = difflib.unified_diff(theirs, DAGSTER_YAML.splitlines(), SETTINGS, AS_WRITTEN, lineterm="")
    told = (
        f"Encore: {settings} was changed by hand, so it stays as it is, but this Encore would write it otherwise. Take "
        f"over what you want; it lies beside it as {AS_WRITTEN}, and this is told once (- yours, + Encore's):"
    )
    return "\n".join([told, *(f"    {line}" for line in lines)])
