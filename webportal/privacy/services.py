"""Export and erasure of a customer."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.personal_data import DataSubject, Rows, exported, handlers, subject_of
from webportal.privacy.models import ErasedCustomer


def everything_about(number: str) -> dict[str, Rows]:
    """Return what Encore's database holds about a customer, by document.

    Nobody else is in it: an event that concerned several customers gives their number alone, and staff appear as
    staff, without names, addresses or what they typed.
    """
    subject = subject_of(number)
    return {name: rows for handler in handlers().values() for name, rows in handler.export(subject).items()}


def erasure_of(subject: DataSubject) -> dict[str, Rows]:
    """Return the customer's entry on the list of the erased."""
    return {"erasure": list(exported(ErasedCustomer.objects.filter(customer_number=subject.number)))}


def erased_pseudonyms(number: str) -> list[str]:
    """Return the pseudonym that an erased customer had."""
    erased = ErasedCustomer.objects.filter(customer_number=number).exclude(pseudonym="")
    return list(erased.values_list("pseudonym", flat=True))


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


Erased = dict[str, int]
"""Counts of erased rows by kind: `snapshots`, `team_lists`, `desk_rows`, `watches`, `alerts`."""


@transaction.atomic
def erase(*, number: str, reason: str, by: str) -> Erased:
    """Erase a customer; one whom nobody knows, or who is erased already, only goes onto the list again.

    The number goes onto the list first: a publish that is under way locks the list before it shows its snapshot, so
    it either sees the number there, or we find its rows.
    """
    subject = subject_of(number)
    ErasedCustomer.objects.update_or_create(
        customer_number=number,
        defaults={"reason": reason, "erased_by": by},
        create_defaults={"reason": reason, "erased_by": by, "pseudonym": " ".join(subject.pseudonyms[:1])},
    )
    erased: Erased = {}
    for handler in handlers().values():
        if handler.erase:
            erased |= handler.erase(subject)
    record(Kind.ERASED, subjects=[number], purpose=reason, details=erased)
    return erased
