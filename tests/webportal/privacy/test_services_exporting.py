"""The export of a person holds what concerns this person alone, whoever else the same events speak of."""

import json
import re
from datetime import date
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.test import RequestFactory

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import ScopedCustomer, Team, User
from webportal.accounts.roles import Role
from webportal.accounts.services import set_listed_customers
from webportal.alerts.models import Alert, AlertedCustomer, Watch
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record
from webportal.common.personal_data import columns_of
from webportal.customers.models import CustomerSnapshot
from webportal.desk.models import Contact, Note, Task
from webportal.privacy.models import ErasedCustomer
from webportal.privacy.services import erase, everything_about

ME = "700701"
OTHERS = [str(number) for number in range(800100, 800140)]
STAFF = ("miriam.unmistakable", "quentin.unmistakable")
ADDRESS = "203.0.113.77"


@pytest.fixture
def busy_desk(db: None, team: Team) -> None:
    """Everything that the portal can keep about a customer, each time with staff, addresses and others beside."""
    with connection.cursor() as cursor:
        publish(cursor, [customer(ME), *(customer(number, last_name=f"Other{number}") for number in OTHERS)])
    miriam, quentin = (User.objects.create_user(name, role=Role.SUPERVISOR, team=team) for name in STAFF)
    request = RequestFactory().get(f"/customers/{OTHERS[3]}/", REMOTE_ADDR=ADDRESS)
    request.user = AnonymousUser()
    for kind in Kind:
        details = {"typed": OTHERS[1], "filter": f"q={OTHERS[2]}", "to": STAFF[0], "token": "abcd1234"}
        for subjects in ([ME], [ME, *OTHERS], [pseudonym_of(ME), pseudonym_of(OTHERS[0])]):
            purpose = f"letter about {OTHERS[4]}" if len(subjects) > 1 else "the customer's letter"
            record(kind, request=request, actor=miriam, subjects=subjects, purpose=purpose, details=details)
    set_listed_customers(team=team, numbers=[ME, *OTHERS[:5]])
    seen = {"snapshot_id": 1, "as_of_date": date(2018, 12, 1), "horizon_days": 14, "channel": "mail"}
    contact = Contact.objects.create(customer_number=ME, outcome="kept", agent=miriam, token=uuid4(), **seen)
    Note.objects.create(customer_number=ME, words="likes mail", agent=quentin, token=uuid4())
    task = {"reason": "call back", "due_on": date(2018, 12, 1), "contact": contact}
    Task.objects.create(customer_number=ME, assignee=quentin, created_by=miriam, **task)
    Watch.objects.create(owner=miriam, customer_number=ME)
    alert = Alert.objects.create(owner=quentin, snapshot_id=1, as_of_date=date(2018, 12, 1), segment="high")
    for number in (ME, *OTHERS[:3]):
        AlertedCustomer.objects.create(alert=alert, customer_number=number, was="low", band="high", churn_probability=1)


def test_nobody_else_is_in_it(busy_desk: None, administrator: User) -> None:
    documents = everything_about(ME)
    text = json.dumps(documents, default=str)
    strangers = [*OTHERS, *map(pseudonym_of, OTHERS), *STAFF, ADDRESS, administrator.username, "Other8"]
    assert [stranger for stranger in strangers if stranger in text] == []
    assert re.findall(r'"(?:agent|assignee|created_by|actor)_id"', text) == []
    empty = [name for name, rows in documents.items() if not rows]
    assert empty == ["erasure"]  # all else was filled, or this test saw nothing


def test_each_event_about_the_person_is_told(busy_desk: None) -> None:
    events = everything_about(ME)["audit"]
    assert len(events) == AuditEvent.objects.filter(subjects__overlap=[ME, pseudonym_of(ME)]).count()
    viewed = [event for event in events if event["kind"] == "viewed"]
    assert sorted(event["customers_in_event"] for event in viewed) == [1, 2, len(OTHERS) + 1]
    alone = next(event for event in viewed if event["customers_in_event"] == 1)
    assert (alone["purpose"], alone["by"]) == ("the customer's letter", "a program of the service")


def test_an_erasure_does_not_name_who_erased(busy_desk: None) -> None:
    erase(number=ME, reason="asked by letter", by=STAFF[0])
    (row,) = everything_about(ME)["erasure"]
    assert (row["reason"], STAFF[0] in str(row)) == ("asked by letter", False)


@pytest.mark.parametrize("model", [CustomerSnapshot, Contact, Note, Task, ErasedCustomer])
def test_no_column_that_names_staff_goes_out(model: type[models.Model]) -> None:
    people = {field.attname for field in model._meta.concrete_fields if field.related_model is User}
    named = {field.attname for field in model._meta.concrete_fields if field.attname.endswith("_by")}
    assert (people | named) & set(columns_of(model)) == set()
    assert "customer_number" in columns_of(model)


def test_lists_of_a_team_are_told_by_the_teams_name(busy_desk: None, team: Team) -> None:
    assert ScopedCustomer.objects.filter(customer_number=ME).count() == 1
    assert everything_about(ME)["teams"] == [{"team": team.name}]
