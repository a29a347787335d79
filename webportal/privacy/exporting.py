"""Everything about one customer, as a zip of JSON documents."""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from webportal.accounts.models import ScopedCustomer, User
from webportal.alerts.keeping import alerts_about, watches_about
from webportal.audit.models import AuditEvent
from webportal.audit.selectors import events_about, names_of
from webportal.audit.services import COMMAND_LINE
from webportal.customers.models import CustomerSnapshot, Snapshot
from webportal.desk.privacy import documents_about
from webportal.privacy.models import ErasedCustomer

Rows = list[dict[str, Any]]

WITHHELD = frozenset({"erased_by", "token"})
"""Columns that never go out, beside those that point to a user: they name staff, or guard a form against repeats."""

_CHUNK = 2_000


def everything_about(number: str) -> dict[str, Rows]:
    """Return what Encore's database holds about a customer, by document.

    Current and past snapshots, contacts, notes and tasks of the desk, what the audit holds, teams that list the number,
    and an erasure. A table that another part of the portal keeps about customers belongs here as well.

    Nobody else is in it: an event that concerned several customers gives their number alone, and staff appear as
    staff, without names, addresses or what they typed.
    """
    snapshots = CustomerSnapshot.objects.filter(customer_number=number).order_by("snapshot_id")
    dates = dict(Snapshot.objects.values_list("snapshot_id", "as_of_date"))
    listed = ScopedCustomer.objects.filter(customer_number=number).select_related("team")
    return {
        "snapshots": [{"as_of_date": dates.get(row["snapshot_id"]), **row} for row in _rows(snapshots)],
        **{name: list(_rows(rows)) for name, rows in documents_about(number).items()},
        "audit": list(_events(number)),
        "teams": [{"team": row.team.name} for row in listed],
        "watches": watches_about(number),
        "alerts": alerts_about(number),
        "erasure": list(_rows(ErasedCustomer.objects.filter(customer_number=number))),
    }


def as_zip(number: str, documents: dict[str, Rows]) -> bytes:
    """Return the documents as a zip: one readable JSON file each, and one that says what is what."""
    about = {
        "customer_number": number,
        "documents": {name: len(rows) for name, rows in documents.items()},
        "note": "Times are UTC. Log files themselves are kept by the streaming service, not by Encore.",
        "left_out": "Names and addresses of staff, and everything about other customers.",
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in {"about": about, **documents}.items():
            text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{name}.json", text)
    return packed.getvalue()


def columns_of(model: type[Model]) -> list[str]:
    """Return the columns of `model` that go out: those of the person, none that names staff."""
    columns = (field for field in model._meta.concrete_fields if field.related_model is not User)
    return [column.attname for column in columns if column.attname not in WITHHELD]


def _rows(rows: Iterable[Model]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: getattr(row, name) for name in columns_of(type(row))}


def _events(number: str) -> Iterator[dict[str, Any]]:
    """Return what happened, when and why; a purpose that covered others as well may name them, so it stays out."""
    names = set(names_of(number))
    for event in events_about(number).iterator(chunk_size=_CHUNK):
        alone = names.issuperset(event.subjects)
        yield {
            "at": event.at,
            "kind": event.kind,
            "what": event.get_kind_display(),
            "by": _actor(event),
            "purpose": event.purpose if alone else "",
            "customers_in_event": 1 if alone else len(event.subjects),
        }


def _actor(event: AuditEvent) -> str:
    if event.actor == COMMAND_LINE:
        return "the operator of the service"
    return "a program of the service" if "token" in event.details else "a member of staff"
