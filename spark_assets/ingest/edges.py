"""The first and last moment of a file's events, and whether files that meet there only can hold repeats of each other.

Ranges of one log file meet in a moment nearly always, for log lines come several a second. The few events of that
moment are told apart by keys that come along with the file, so that no file need be read again for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.ingest.keys import keys_of
from spark_assets.ingest.schema import EVENT_SCHEMA
from spark_assets.ingest.spans import Span

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
