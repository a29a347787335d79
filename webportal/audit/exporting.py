"""The audit as CSV."""

import json
from collections.abc import Callable, Iterator
from itertools import islice

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from webportal.audit.models import AuditEvent
from webportal.common.csv import csv_response

HEADER = ["when", "who", "from", "what", "whom", "purpose", "page", "details"]
_CHUNK = 2_000


def events_as_csv(events: QuerySet[AuditEvent], sent: Callable[[list[str]], None]) -> StreamingHttpResponse:
    """Return a download of `events`, read and sent chunk by chunk; before each, `sent` is told whom it names."""
    return csv_response("encore-audit.csv", HEADER, _rows(events, sent))


def _rows(events: QuerySet[AuditEvent], sent: Callable[[list[str]], None]) -> Iterator[list[object]]:
    found = events.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(found, _CHUNK)):
        numbers = sorted({subject for event in chunk for subject in event.subjects})
        if numbers:
            sent(numbers)
        for event in chunk:
            yield _cells(event)


def _cells(event: AuditEvent) -> list[object]:
    return [
        event.at.isoformat(),
        event.actor,
        event.address,
        event.kind,
        " ".join(event.subjects),
        event.purpose,
        event.path,
        json.dumps(event.details, ensure_ascii=False, sort_keys=True),
    ]
