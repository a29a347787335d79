"""Everything about one customer, as a zip of JSON documents."""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from webportal.accounts.models import ScopedCustomer
from webportal.alerts.keeping import alerts_about, watches_about
from webportal.audit.selectors import events_about
from webportal.customers.models import CustomerSnapshot, Snapshot
from webportal.desk.privacy import documents_about
from webportal.privacy.models import ErasedCustomer

Rows = list[dict[str, Any]]


def everything_about(number: str) -> dict[str, Rows]:
    """Return what Encore's database holds about a customer, by document.

    Current and past snapshots, contacts, notes and tasks of the desk, what the audit holds, teams that list the number,
    and an erasure. A table that another part of the portal keeps about customers belongs here as well.
    """
    snapshots = CustomerSnapshot.objects.filter(customer_number=number).order_by("snapshot_id")
    dates = dict(Snapshot.objects.values_list("snapshot_id", "as_of_date"))
    listed = ScopedCustomer.objects.filter(customer_number=number).select_related("team")
    return {
        "snapshots": [{"as_of_date": dates.get(row["snapshot_id"]), **row} for row in _rows(snapshots)],
        **{name: list(_rows(rows)) for name, rows in documents_about(number).items()},
        "audit": list(_rows(events_about(number))),
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
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in {"about": about, **documents}.items():
            text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{name}.json", text)
    return packed.getvalue()


def _rows(rows: Iterable[Model]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
