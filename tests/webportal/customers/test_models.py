import pytest
from django.db import IntegrityError, connection, transaction

from tests.webportal.publishing import customer, publish
from webportal.customers.models import CurrentCustomer, CurrentSnapshot, CustomerSnapshot, Snapshot


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [("Ada", "Reed", "Ada Reed"), ("Ada", None, "Ada"), (None, "Reed", "Reed"), (None, None, "")],
)
def test_full_name_leaves_out_what_is_unknown(first: str | None, last: str | None, expected: str) -> None:
    assert CustomerSnapshot(first_name=first, last_name=last).full_name == expected


def test_the_view_follows_the_pointer(snapshot: Snapshot) -> None:
    assert CurrentCustomer.objects.count() == snapshot.customer_rows == 300
    with connection.cursor() as cursor:
        newer = publish(cursor, [customer("7")])
    assert list(CurrentCustomer.objects.values_list("snapshot_id", "customer_number")) == [(newer, "7")]
    assert CustomerSnapshot.objects.count() == 301


def test_there_is_one_pointer(snapshot: Snapshot) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CurrentSnapshot.objects.create(singleton=2, snapshot=snapshot)


def test_they_name_themselves(snapshot: Snapshot) -> None:
    number = snapshot.snapshot_id
    row = CustomerSnapshot.objects.get(customer_number="300001")
    assert str(snapshot) == f"Snapshot {number} of 2018-12-01"
    assert str(row) == f"Customer 300001 in snapshot {number}"
    assert str(CurrentSnapshot.objects.get()) == f"Current: snapshot {number}"
