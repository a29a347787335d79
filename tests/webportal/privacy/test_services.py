"""Erasure: gone from every snapshot, on the list, in the audit; and the export of everything about somebody."""

import io
import json
import zipfile
from datetime import date
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import DeskSettings, ScopedCustomer, Team, User
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record, who_looked_at
from webportal.customers.models import CustomerSnapshot, Snapshot
from webportal.desk.models import Contact, Note, Task
from webportal.desk.worklist import MEMORY, suggestions
from webportal.privacy.models import ErasedCustomer
from webportal.privacy.services import as_zip, erase, everything_about


@pytest.fixture
def two_snapshots(db: None) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("7", churn_probability=0.1), customer("8")])
        publish(cursor, [customer("7", churn_probability=0.4), customer("8")], as_of_date=date(2018, 12, 8))


def _work(number: str) -> None:
    """Write a contact with its task, and a note that got other words."""
    seen = {"snapshot_id": 1, "as_of_date": date(2018, 12, 1), "horizon_days": 14, "channel": "mail"}
    contact = Contact.objects.create(customer_number=number, outcome="kept", words="too dear", token=uuid4(), **seen)
    note = Note.objects.create(customer_number=number, words="prefers mail", standing=False, token=uuid4())
    Note.objects.create(customer_number=number, words="prefers a call", corrects=note, token=uuid4())
    Task.objects.create(customer_number=number, reason="call back", due_on=date(2018, 12, 1), contact=contact)


@pytest.mark.usefixtures("two_snapshots")
def test_erases_from_current_and_past_snapshots_and_lists(team: Team) -> None:
    ScopedCustomer.objects.create(team=team, customer_number="7")
    _work("7")
    _work("8")
    done = erase(number="7", reason="asked by letter", by="admin")
    assert done == {"snapshots": 2, "team_lists": 1, "desk_rows": 4, "watches": 0, "alerts": 0}
    assert [set(model.objects.values_list("customer_number", flat=True)) for model in (Contact, Note, Task)] == [
        {"8"}
    ] * 3
    assert set(CustomerSnapshot.objects.values_list("customer_number", flat=True)) == {"8"}
    row = ErasedCustomer.objects.get()
    assert (row.customer_number, row.pseudonym, row.reason) == ("7", pseudonym_of("7"), "asked by letter")


@pytest.mark.usefixtures("two_snapshots")
def test_the_marks_of_worklists_go(agent: User) -> None:
    suggestions(agent, Snapshot.objects.latest("snapshot_id"), DeskSettings(), 5)
    memory = caches[MEMORY]
    assert isinstance(memory, LocMemCache)
    assert [key for key in memory._cache if "worklist" in key]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from portal_cache where cache_key like '%%worklist%%'")
        assert cursor.fetchone() == (0,)
    erase(number="7", reason="asked", by="admin")
    assert not memory._cache


@pytest.mark.usefixtures("two_snapshots")
def test_the_audit_goes_on_knowing_who_looked_at_an_erased_customer() -> None:
    record(Kind.VIEWED, subjects=["7"])
    record(Kind.VIEWED, subjects=[pseudonym_of("7")])
    erase(number="7", reason="asked", by="admin")
    erase(number="7", reason="asked again", by="admin")
    assert who_looked_at("7").count() == 2
    events = AuditEvent.objects.filter(kind=Kind.ERASED)
    assert [event.purpose for event in events.order_by("id")] == ["asked", "asked again"]
    assert ErasedCustomer.objects.get().pseudonym == pseudonym_of("7")


def test_who_is_in_no_snapshot_can_be_kept_from_coming(db: None) -> None:
    assert erase(number="99", reason="asked before joining", by="admin")["snapshots"] == 0
    assert ErasedCustomer.objects.filter(customer_number="99").exists()


@pytest.mark.usefixtures("two_snapshots")
def test_the_export_holds_every_snapshot_the_audit_and_the_lists(team: Team) -> None:
    ScopedCustomer.objects.create(team=team, customer_number="7")
    record(Kind.VIEWED, subjects=["7"])
    record(Kind.SEARCHED, subjects=["6", pseudonym_of("7")])
    record(Kind.VIEWED, subjects=["8"])
    _work("7")
    _work("8")
    with zipfile.ZipFile(io.BytesIO(as_zip("7", everything_about("7")))) as archive:
        documents = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert [row["churn_probability"] for row in documents["snapshots.json"]] == [0.1, 0.4]
    assert [row["as_of_date"] for row in documents["snapshots.json"]] == ["2018-12-01", "2018-12-08"]
    assert documents["snapshots.json"][0]["first_name"] == "Colin"
    assert {row["kind"] for row in documents["audit.json"]} == {"viewed", "searched"}
    assert documents["teams.json"] == [{"team": "Second line"}]
    assert documents["about.json"]["documents"] == {
        "snapshots": 2,
        "contacts": 1,
        "notes": 2,
        "tasks": 1,
        "audit": 2,
        "teams": 1,
        "watches": 0,
        "alerts": 0,
        "erasure": 0,
    }
    assert documents["contacts.json"][0]["words"] == "too dear"
    assert [row["words"] for row in documents["notes.json"]] == ["prefers mail", "prefers a call"]
    assert documents["tasks.json"][0]["reason"] == "call back"


@pytest.fixture
def office(administrator: User, client: Client) -> Client:
    client.force_login(administrator)
    return client


@pytest.mark.usefixtures("two_snapshots")
def test_administrators_see_who_looked(office: Client, agent: User) -> None:
    desk = Client()
    desk.force_login(agent)
    desk.get("/customers/7/")
    page = office.get("/admin/privacy/erasedcustomer/person/?number=7").content.decode()
    assert "<td>agent</td><td>Customer viewed</td>" in page


@pytest.mark.usefixtures("two_snapshots")
def test_administrators_export_with_a_purpose(office: Client) -> None:
    address = "/admin/privacy/erasedcustomer/person/export/"
    assert office.post(address, {"number": "7", "purpose": " "}).status_code == 400
    response = office.post(address, {"number": "7", "purpose": "letter of 3 May"})
    assert response.headers["Content-Type"] == "application/zip"
    assert zipfile.is_zipfile(io.BytesIO(response.content))
    event = AuditEvent.objects.get(kind=Kind.EXPORTED)
    assert (event.actor, event.subjects, event.purpose) == ("admin", ["7"], "letter of 3 May")


@pytest.mark.usefixtures("two_snapshots")
def test_administrators_erase_whose_number_they_type_twice(office: Client) -> None:
    address = "/admin/privacy/erasedcustomer/person/erase/"
    sent = {"number": "7", "purpose": "letter", "again": "8"}
    refused = office.post(address, sent)
    assert "The two numbers differ" in refused.content.decode()
    assert CustomerSnapshot.objects.filter(customer_number="7").count() == 2
    assert office.post(address, {**sent, "again": "7"}).status_code == 302
    assert not CustomerSnapshot.objects.filter(customer_number="7").exists()
    assert "letter" in office.get("/admin/privacy/erasedcustomer/").content.decode()
