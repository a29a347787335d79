"""Any sequence of drop, grow, copy, rename, withdraw and ingest ends with exactly the events of the inbox.

The model is a dictionary of file names to songs; ledger, ingest and withdrawal are the real ones.
"""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from spark_assets.ingest.withdrawal import LogsGoneError, withdraw
from spark_assets.lake.ledger import Ledger
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import NOON, drop, line, text

Step = tuple[str, int, int]
"""An operation, and two numbers that choose its file or batch and its size."""

_OPERATIONS = ("drop", "drop", "grow", "grow", "copy", "rename", "overlap", "ingest", "ingest", "ingest", "withdraw")
_step = st.tuples(st.sampled_from(_OPERATIONS), st.integers(0, 5), st.integers(0, 5))
_withdrawal = st.tuples(st.just("withdraw"), st.integers(0, 5), st.just(0))
_steps = st.tuples(st.lists(_step, min_size=4, max_size=12), _withdrawal).map(lambda parts: [*parts[0], parts[1]])


@dataclass
class Inbox:
    """What the files of the inbox hold: whole songs, and whether half of another line follows."""

    lake: Lake
    files: dict[str, tuple[list[int], bool]] = field(default_factory=dict)
    songs: int = 0
    names: int = 0

    def take(self, operation: str, which: int, size: int) -> None:
        """Carry out one step on disk and in the model; one that finds no file or batch does nothing."""
        if operation == "ingest":
            self.lake.ingest()
        elif operation == "withdraw":
            self._withdraw(which)
        elif operation == "drop":
            self._write(self._fresh_name(which, ".json.gz" if size == 5 else ".json"), self._more(size), size > 3)
        elif self.files:
            name = sorted(self.files)[which % len(self.files)]
            getattr(self, f"_{operation}")(name, which, size)

    def expected(self) -> Counter[str]:
        """Each song of the inbox once."""
        return Counter({str(song): 1 for songs, _ in self.files.values() for song in songs})

    def _grow(self, name: str, which: int, size: int) -> None:
        songs, half = self.files[name]
        self._write(name, [*songs, *self._finished(songs, half), *self._more(size)], (which + size) % 3 == 0)

    def _overlap(self, name: str, which: int, size: int) -> None:
        """Another file repeats a part of this one, and brings more."""
        songs, _ = self.files[name]
        self._write(self._fresh_name(which, ".json"), [*songs[size % 2 :], *self._more(size)], False)

    def _copy(self, name: str, which: int, _: int) -> None:
        fresh = self._fresh_name(which, _suffix(name))
        shutil.copy(self.lake.inbox / name, self.lake.inbox / fresh)
        self.files[fresh] = self.files[name]

    def _rename(self, name: str, which: int, _: int) -> None:
        fresh = self._fresh_name(which, _suffix(name))
        (self.lake.inbox / name).rename(self.lake.inbox / fresh)
        self.files[fresh] = self.files.pop(name)

    def _withdraw(self, which: int) -> None:
        numbers = Ledger.load(self.lake.uri).batch_numbers
        before = self.lake.songs()
        if numbers:
            try:
                withdraw(self.lake.spark, str(self.lake.inbox), self.lake.uri, numbers[which % len(numbers)])
            except LogsGoneError:
                assert self.lake.songs() == before

    def _write(self, name: str, songs: list[int], half: bool) -> None:
        follows = _song(self._next_of(songs))[:60] if half else b""
        drop(self.lake.inbox, name, text([_song(song) for song in songs]) + follows)
        self.files[name] = (songs, half)

    def _more(self, size: int) -> list[int]:
        self.songs += size
        return list(range(self.songs - size, self.songs))

    def _finished(self, songs: list[int], half: bool) -> list[int]:
        return [self._next_of(songs)] if half else []

    def _next_of(self, songs: list[int]) -> int:
        """The song whose line was begun: the same for all copies of a file."""
        return 1_000 + sum(songs)

    def _fresh_name(self, which: int, suffix: str) -> str:
        self.names += 1
        return f"{'azm'[which % 3]}{self.names}{suffix}"


def _suffix(name: str) -> str:
    return name[name.index(".") :]


def _song(number: int) -> bytes:
    return line(song=str(number), ts=NOON + number)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(steps=_steps)
@example(steps=[("drop", 1, 2), ("ingest", 0, 0), ("grow", 0, 2), ("copy", 0, 0), ("ingest", 0, 0), ("withdraw", 0, 0)])
@example(steps=[("drop", 0, 3), ("ingest", 0, 0), ("rename", 2, 0), ("ingest", 0, 0), ("withdraw", 0, 0)])
def test_the_lake_ends_with_the_events_of_the_inbox(spark: SparkSession, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as home:
        lake = Lake(spark, Path(home))
        lake.inbox.mkdir()
        inbox = Inbox(lake)
        for step in steps:
            inbox.take(*step)
        lake.ingest()
        assert lake.ingest().batch is None
        assert lake.songs() == inbox.expected()
