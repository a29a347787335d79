"""Administrators look up what the desk wrote, change nothing, and are in the audit."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from tests.webportal.desk.test_worklist import contact
from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind
from webportal.desk.models import Note, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(administrator: User, client: Client) -> Client:
    client.force_login(administrator)
    return client


def test_a_number_finds_its_rows_and_is_in_the_audit(office: Client) -> None:
    found = contact("55")
    contact("551")
    Note.objects.create(customer_number="55", words="prefers mail", token=uuid4())
    Task.objects.create(customer_number="55", reason="call back", due_on=date(2018, 12, 1))
    for model in ("contact", "note", "task"):
        page = office.get(f"/admin/desk/{model}/?q=%2055").content.decode()
        assert f"/admin/desk/{model}/" in page
        assert "551" not in page
    listed = AuditEvent.objects.filter(kind=Kind.SEARCHED)
    assert [event.subjects for event in listed] == [["55"]] * 3
    assert office.get(f"/admin/desk/contact/{found.pk}/change/").status_code == 200
    assert AuditEvent.objects.get(kind=Kind.VIEWED).subjects == ["55"]


def test_nothing_is_changed_there(office: Client) -> None:
    row = contact("55")
    for action in ("change", "delete"):
        assert office.post(f"/admin/desk/contact/{row.pk}/{action}/", {"outcome": "left"}).status_code == 403
    assert office.get("/admin/desk/contact/add/").status_code == 403
    office.post("/admin/desk/contact/", {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    row.refresh_from_db()
    assert row.outcome == "kept"
