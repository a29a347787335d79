"""What waits in the inbox, for sensors, schedule and the asset `log_files`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.metadata import fact
from orchestration.pipeline import Pipeline
from spark_assets.ingest.inbox import Waiting, waiting_files

LOG_FILES = dg.AssetKey("log_files")
FINGERPRINT = "fingerprint"
"""Of the files that wait, in what is reported of them."""

_MOST_NAMES = 20
"""Of waiting files in an event; the inbox may hold thousands."""


def look_into_inbox(pipeline: Pipeline) -> Waiting:
    """What waits there; a file untouched for `quiet_seconds` counts as whole, here as in the run that reads it.

    Raises:
        MissingInboxError: there is none.
    """
    quiet = timedelta(seconds=pipeline.quiet_seconds)
    return waiting_files(pipeline.inbox, pipeline.lake, datetime.now(UTC), quiet)


def describe_waiting(waiting: Waiting) -> dict[str, dg.MetadataValue[Any]]:
    """Counts, fingerprint and the first names."""
    names = "\n".join(f"- `{name}`" for name in waiting.ready[:_MOST_NAMES])
    more = len(waiting.ready) - _MOST_NAMES
    return {
        "files": fact(len(waiting.ready)),
        "unsettled": fact(waiting.unsettled),
        FINGERPRINT: fact(waiting.fingerprint),
        "names": dg.MetadataValue.md(names + (f"\n- and {more} more" if more > 0 else "")),
    }
