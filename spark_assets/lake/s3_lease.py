"""The lock of a lake on S3: a lease, kept in an object that its holder made and goes on writing anew.

Whether a lease has run out is told by S3's clock alone: the time of the object against the time of the answer. Its
holder measures, by a clock that only goes forward, how long ago S3 took its last renewal.
"""

import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from spark_assets.errors import EncoreError, LakeBusyError, LeaseLostError, PassingError, SettingsError
from spark_assets.lake.storage import S3Place

SECONDS = 60.0
"""How long a killed holder keeps a lake: no longer than Dagster waits for the last of its tries (20 s and 40 s)."""

_NAME = ".lock"
_RENEWALS = 4
"""In the time of a lease; after three that failed the holder stops, before anybody else may begin."""
_TRIES = 5
_CONNECTION = Config(connect_timeout=3, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
"""No renewal takes longer than what is left of a lease when its holder must stop."""
_REFUSED = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")


@dataclass(frozen=True)
class _Found:
    """The lease that lies in the lake, and whether it has run out; both times are S3's."""

    etag: str
    token: str
    holder: str
    until: datetime
    now: datetime


@dataclass
class _Lease:
    """A lease of one holder: taken, renewed, given back."""

    place: S3Place
    who: str
    seconds: float
    clock: Callable[[], float] = time.monotonic
    lost_to: str = ""
    """Who works in the lake instead, as far as it is known; empty while the lease is held."""
    _token: str = field(default_factory=lambda: uuid.uuid4().hex)
    _etag: str = ""
    _writes: int = 0
    _sure_until: float = 0.0

    def __post_init__(self) -> None:
        self._s3 = boto3.client("s3", config=_CONNECTION, **self.place.client)
        self._object = {"Bucket": self.place.bucket, "Key": "/".join(filter(None, [self.place.key, _NAME]))}
        self.lake = f"s3://{self.place.bucket}/{self.place.key}".rstrip("/")

    def take(self) -> None:
        """Make the lease, or take over one that has run out.

        Raises:
            LakeBusyError: somebody holds it; the text says who, and until when if they were killed.
        """
        for _ in range(_TRIES):
            found = self._look()
            # Our own, when the answer to a write was lost and boto3 wrote again.
            if found and found.token != self._token and found.now < found.until:
                raise LakeBusyError(
                    f"{found.holder} is at work in the lake {self.lake}: wait for its end, then run again. "
                    f"If it was killed, the lake is free from {found.until:%H:%M:%S} UTC on."
                )
            if self._write({"IfMatch": found.etag} if found else {"IfNoneMatch": "*"}):
                return
        raise LakeBusyError(f"Others begin to work in the lake {self.lake} at this very moment: run again.")

    def renew(self) -> None:
        """Renew the lease, or note that it is lost. A success says that nobody else had it meanwhile."""
        try:
            if self._write({"IfMatch": self._etag}):
                return
            found = self._look()
            is_ours = found is not None and found.token == self._token
            if not (found and is_ours and self._write({"IfMatch": found.etag})):
                self.lost_to = found.holder if found and not is_ours else "Another step"
        except (BotoCoreError, ClientError):
            if self.clock() >= self._sure_until:
                self.lost_to = "Another step"

    def pause(self) -> float:
        """Seconds until the next renewal: a part of the lease, and none beyond what is sure."""
        return min(self.seconds / _RENEWALS, max(self._sure_until - self.clock(), 0.0))

    def give_back(self) -> None:
        """Delete the lease if it is still ours; one that cannot be deleted runs out by itself."""
        with suppress(BotoCoreError, ClientError):
            self._s3.delete_object(**self._object, IfMatch=self._etag)

    def lost(self) -> LeaseLostError:
        """What to raise when the lease is lost."""
        return LeaseLostError(
            f"{self.who} could not keep the lake {self.lake} to itself: its lease ran out before it was renewed, and "
            f"{self.lost_to} may be at work there. Run it again."
        )

    def _write(self, condition: dict[str, str]) -> bool:
        """Write the lease, each time another text so that its ETag is another; return whether the condition held."""
        began, self._writes = self.clock(), self._writes + 1
        holder = {"who": self.who, "process": os.getpid(), "host": socket.gethostname()}
        text = {**holder, "seconds": self.seconds, "token": self._token, "writes": self._writes}
        try:
            answer = self._s3.put_object(**self._object, Body=json.dumps(text).encode(), **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in _REFUSED:
                return False
            raise
        self._etag = answer["ETag"]
        self._sure_until = began + self.seconds * (1 - 1 / _RENEWALS)
        return True

    def _look(self) -> _Found | None:
        try:
            answer = self._s3.get_object(**self._object)
        except self._s3.exceptions.NoSuchKey:
            return None
        told = _told(answer["Body"].read())
        named = {"who", "process", "host"} <= told.keys()
        return _Found(
            etag=answer["ETag"],
            token=str(told.get("token", "")),
            holder="{who} of process {process} on {host}".format(**told) if named else "Another step",
            until=answer["LastModified"] + timedelta(seconds=float(told.get("seconds", SECONDS))),
            now=parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]),
        )


@contextmanager
def leased(place: S3Place, who: str, stop: Callable[[], object]) -> Iterator[None]:
    """Hold the lease of the lake at `place` for a block; a thread renews it meanwhile.

    When the lease is lost, `stop` is called at once and every second until the block ends.

    Raises:
        LakeBusyError: somebody else holds it.
        LeaseLostError: the lease was lost before the block had ended.
        PassingError: S3 cannot be reached.
        SettingsError: S3 refuses.
    """
    lease = _Lease(place, who, SECONDS)
    try:
        lease.take()
    except (BotoCoreError, ClientError) as error:
        raise _unusable(lease.lake, error) from None
    try:
        with _renewed(lease, stop):
            yield
        if not lease.lost_to:
            lease.renew()  # S3's last word: nobody else was at work up to here
    except Exception as error:
        if lease.lost_to:
            raise lease.lost() from error
        raise
    finally:
        lease.give_back()
    if lease.lost_to:
        raise lease.lost()


@contextmanager
def _renewed(lease: _Lease, stop: Callable[[], object]) -> Iterator[None]:
    over = threading.Event()

    def renew() -> None:
        while not lease.lost_to and not over.wait(lease.pause()):
            lease.renew()
        while lease.lost_to and not over.is_set():
            with suppress(Exception):  # what is not stopped is told of the loss at its end
                stop()
            over.wait(1)

    thread = threading.Thread(target=renew, name="lake-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _told(body: bytes) -> dict[str, Any]:
    """What a lease says; nothing when the object is none, as the lock of a lake that was copied from a disk."""
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _unusable(lake: str, error: BotoCoreError | ClientError) -> EncoreError:
    """Tell of a lease that could not be asked for: what may pass from what must be mended."""
    if isinstance(error, ClientError):
        passes, reason = error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500, error.response["Error"]["Code"]
    else:
        passes, reason = isinstance(error, ConnectionError | HTTPClientError), str(error)
    return (PassingError if passes else SettingsError)(f"The lake {lake} cannot be locked: {reason}.")
