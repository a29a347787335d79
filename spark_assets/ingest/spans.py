"""Spans of time, and which of many meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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
