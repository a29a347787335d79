"""Errors that the user can mend: the text names the file, line or field and needs no traceback."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class EncoreError(Exception):
    """Base of all errors whose message is meant for the person who runs Encore."""


class PassingError(EncoreError):
    """What may be over by itself when tried again: a database that restarts, a machine that was taken away."""


class MissingInboxError(EncoreError):
    """The folder where log files are dropped does not exist."""


class MixedLogsError(EncoreError):
    """Sample logs and other logs would meet in one lake; the text names the files and says what to do with them."""


class MissingTableError(EncoreError):
    """A lake table that a step reads has not been made yet."""


class MissingColumnsError(EncoreError):
    """A frame lacks columns that a transform needs."""


class DamagedFileError(EncoreError):
    """A Parquet file of the lake cannot be read; the text names it and says how to make it anew."""


class DiskFullError(EncoreError):
    """There is no room for what a step writes; the text names the folder and the room left there."""


class LakeBusyError(PassingError):
    """Another step is at work in the same lake."""


class LeaseLostError(PassingError):
    """A step could not keep its lease of a lake: another may have begun to work there before it ended."""


class SettingsError(EncoreError):
    """A setting is missing or out of its bounds."""


class PublishError(EncoreError):
    """The snapshot could not be published; readers still see the one before."""


class PostgresAwayError(PublishError, PassingError):
    """Postgres cannot be reached for now, or ended the connection; readers still see the snapshot before."""


def require_columns(frame: "DataFrame", columns: Iterable[str]) -> None:
    """Refuse a frame that lacks columns.

    Raises:
        MissingColumnsError: names every column that is missing and those that are there.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise MissingColumnsError(f"Missing columns {missing}; the frame has {frame.columns}.")
