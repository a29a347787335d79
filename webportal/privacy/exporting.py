"""The export of a customer: everything that the database holds, as a zip of JSON documents."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder

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
