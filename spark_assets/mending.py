"""What Spark and Arrow say of damaged files and full disks, told as what a person can do about it."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from spark_assets import storage
from spark_assets.columns import CLEANED_EVENTS, QUARANTINED_EVENTS
from spark_assets.errors import DamagedFileError, DiskFullError, EncoreError
from spark_assets.ingest.files import UnreadableParquetError
from spark_assets.modelling.store import TRAINED_MODEL

_FULL = "No space left on device"
_READING = re.compile(
    rf"(?:Encountered error while reading file|Could not read footer for file:|{UnreadableParquetError.__name__}:) "
    r"(?:file:/+)?(?P<path>.+?\.parquet)"
)
"""Spark's two ways of naming the file (error classes FAILED_READ_FILE and CANNOT_READ_FILE_FOOTER), and our own."""
_BATCH = re.compile(r"batch=0*(\d+)")


def mendable(error: BaseException, lake: str) -> EncoreError | None:
    """Return what `error` means for the person who runs Encore, or None when they cannot mend it."""
    # What went wrong in a task comes back as the text of Spark's error: there is no class to ask.
    text = "\n".join(str(each) for each in _chain(error))
    if _FULL in text:
        return _full(lake)
    found = _READING.search(text)
    return _damaged(found["path"], lake) if found else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _full(lake: str) -> DiskFullError:
    """Name the fuller of the two places that a step writes to: the lake, and what Spark lays aside meanwhile."""
    places = [Path(tempfile.gettempdir()), storage.local_path(lake)]
    free, folder = min((shutil.disk_usage(place).free, place) for place in places if place is not None)
    return DiskFullError(
        f"There is no room left in {folder}: {free / 1e6:,.1f} MB are free. Make room, then run again; what was "
        "half-written counts nowhere and is written anew."
    )


def _damaged(path: str, lake: str) -> DamagedFileError:
    within = Path(unquote(path).partition(lake.rpartition("://")[2].strip("/"))[2].strip("/"))
    table = within.parts[0] if within.parts else "the lake"
    return DamagedFileError(f"The file {within} in the lake {lake} is damaged or missing. {_advice(within, table)}")


def _advice(within: Path, table: str) -> str:
    batch = _BATCH.search(str(within))
    if table in (CLEANED_EVENTS, QUARANTINED_EVENTS) and batch:
        return (
            f"See that the log files of batch {batch[1]} lie in the inbox, launch the job withdraw_batch with batch "
            f"{batch[1]}, then materialize everything: they are ingested anew."
        )
    if table == TRAINED_MODEL:
        return "Make another version the champion (job promote_model) and delete this version's folder."
    return f"Delete the folder {table} of the lake and materialize {table} anew, then what comes after it."
