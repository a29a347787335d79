"""The audit as CSV."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from webportal.audit.models import AuditEvent
from webportal.common.csv import csv_response

HEADER = ["when", "who", "from", "what", "whom", "purpose", "page", "details"]
_CHUNK = 2_000


def events_as_csv(events: QuerySet[AuditEvent]) -> StreamingHttpResponse:
    """Return a download of `events`, read and sent chunk by chunk."""
    return csv_response("encore-audit.csv", HEADER, _rows(events))


def _rows(events: QuerySet[AuditEvent]) -> Iterator[list[object]]:
    for event in events.iterator(chunk_size=_CHUNK):
        yield [
            event.at.isoformat(),
            event.actor,
            event.address,
            event.kind,
            " ".join(event.subjects),
            event.purpose,
            event.path,
            json.dumps(event.details, ensure_ascii=False, sort_keys=True),
        ]
