"""Personal data in the published snapshots: export, erasure, pseudonyms. Publishing drops old snapshots."""

from webportal.common.personal_data import DataSubject, Rows, exported
from webportal.customers.models import CustomerSnapshot, Snapshot


def export(subject: DataSubject) -> dict[str, Rows]:
    """Return the customer's row of each snapshot, the oldest first."""
    rows = CustomerSnapshot.objects.filter(customer_number=subject.number).order_by("snapshot_id")
    dates = dict(Snapshot.objects.values_list("snapshot_id", "as_of_date"))
    return {"snapshots": [{"as_of_date": dates.get(row["snapshot_id"]), **row} for row in exported(rows)]}


def erase(subject: DataSubject) -> dict[str, int]:
    """Delete the customer from every snapshot."""
    snapshots, _ = CustomerSnapshot.objects.filter(customer_number=subject.number).delete()
    return {"snapshots": snapshots}


def pseudonyms_of(number: str) -> set[str]:
    """Return the pseudonyms that snapshots publish for a customer number."""
    published = CustomerSnapshot.objects.filter(customer_number=number, pseudonym__isnull=False)
    return {pseudonym for pseudonym in published.values_list("pseudonym", flat=True) if pseudonym}
