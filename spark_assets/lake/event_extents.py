"""Keys and time ranges of events: whether two files can hold the same event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.lake.schema import EVENT_SCHEMA


@dataclass(frozen=True, order=True)
class Span:
    """From the first to the last moment, both inclusive."""

    first: datetime
    last: datetime


def overlapping_groups(spans: Sequence[tuple[str, Span]]) -> set[int]:
    """Indexes of those (file, span) whose span meets a span of another file. One sweep over the sorted spans."""
    chosen: set[int] = set()
    open_spans: list[int] = []
    for index in sorted(range(len(spans)), key=lambda place: spans[place][1]):
        file, span = spans[index]
        open_spans = [other for other in open_spans if spans[other][1].last >= span.first]
        others = [other for other in open_spans if spans[other][0] != file]
        if others:
            chosen.update([index, *others])
        open_spans.append(index)
    return chosen


KEY_COLUMNS = ("event_at", "session_id", "item_in_session", "length", "user_id", "page")
"""Enough to tell nearly all events apart; who acts on equal keys compares the whole events."""

Keys = npt.NDArray[np.uint64]

_MISSING = np.uint64(0x7FF8DEADBEEF0000)


def keys_of(events: pa.Table) -> Keys:
    """Keys of events that hold at least `KEY_COLUMNS`."""
    key = np.zeros(events.num_rows, dtype=np.uint64)
    for name in KEY_COLUMNS:
        column = events[name]
        key = _mix(key ^ (_text_bits(column) if pa.types.is_string(column.type) else _number_bits(column)))
    return key


def _number_bits(column: pa.ChunkedArray) -> Keys:
    """Numbers as bits; an absent one as a pattern that no time, count or length has."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    bits: Keys = pc.fill_null(column, 0).to_numpy().view(np.uint64).copy()
    if column.null_count:
        bits[pc.is_null(column).to_numpy()] = _MISSING
    return bits


def _text_bits(column: pa.ChunkedArray) -> Keys:
    """Hashes of texts, each distinct one hashed once; the same in every process, unlike Python's own."""
    encoded = pc.dictionary_encode(pc.fill_null(column, "\x00")).unify_dictionaries()
    if not encoded.length():
        return np.zeros(0, dtype=np.uint64)
    values = np.array(encoded.chunk(0).dictionary.to_pylist(), dtype=object)
    hashes: Keys = pd.util.hash_array(values, categorize=False)
    return np.concatenate([hashes[chunk.indices.to_numpy()] for chunk in encoded.chunks])


def _mix(key: Keys) -> Keys:
    """The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit changes about half of the output bits."""
    key = key + np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


_MOST_KEYS = 256
"""Keys that travel with a file for each of its two moments."""


@dataclass(frozen=True)
class Edge:
    """The events of a file at its first or its last moment: their keys, or None where there are too many to tell."""

    moment: datetime
    keys: frozenset[int] | None


@dataclass(frozen=True)
class Extent:
    """The span of time of a file's events, and its edges: one where all events are of one moment, two otherwise."""

    span: Span
    edges: tuple[Edge, ...]

    @classmethod
    def of(cls, events: pa.Table) -> "Extent":
        """The extent of at least one row of `EVENT_SCHEMA`."""
        times = events[EVENT_SCHEMA.names[0]]
        bounds = pc.min_max(times)
        moments = dict.fromkeys([bounds["min"], bounds["max"]])
        return cls(Span(*bounds.as_py().values()), tuple(_edge(events, times, moment) for moment in moments))


def _edge(events: pa.Table, times: pa.ChunkedArray, moment: pa.Scalar) -> Edge:
    found = events.filter(pc.equal(times, moment))
    keys = frozenset(keys_of(found).tolist()) if found.num_rows <= _MOST_KEYS else None
    return Edge(moment.as_py(), keys)


def apart(extents: Sequence[Extent]) -> bool:
    """Whether no event of a file can stand in another one: times do not meet, or in a moment without common keys."""
    if not extents:
        return True
    first, *others = sorted(extents, key=lambda extent: extent.span)
    last = first.span.last
    for other in others:
        if other.span.first < last:
            return False
        last = other.span.last
    by_moment: dict[datetime, list[Edge]] = {}
    for edge in (edge for extent in extents for edge in extent.edges):
        by_moment.setdefault(edge.moment, []).append(edge)
    return all(len(edges) == 1 or _share_nothing(edges) for edges in by_moment.values())


def _share_nothing(edges: Iterable[Edge]) -> bool:
    seen: set[int] = set()
    for edge in edges:
        if edge.keys is None or not seen.isdisjoint(edge.keys):
            return False
        seen |= edge.keys
    return True
