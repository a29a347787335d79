"""Looking changes nothing: every address is asked for, and every table of the database compared."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.webportal.attacks.stored import BY_LOOKING, stored
from tests.webportal.attacks.walking import ENDS_THE_SESSION, paths
from tests.webportal.publishing import customer, publish
from webportal.accounts.models import Team, User
from webportal.alerts.models import Alert, AlertedCustomer, Channel, Delivery, Watch
from webportal.desk.models import Task, TaskReason


@pytest.fixture
def at_work(administrator: User, agent: User, team: Team) -> User:
    """An administrator, with something to write in most tables: tasks of somebody who has left, alerts, deliveries."""
    rows = [
        customer("300001"),
        customer("300002", cancelled_on=date(2018, 11, 30), churn_probability=None, risk_band=None),
    ]
    with connection.cursor() as cursor:
        published = [publish(cursor, rows, as_of_date=day) for day in (date(2018, 11, 24), date(2018, 12, 1))]
    for number, assignee in (("300001", administrator), ("300002", administrator), ("300002", None)):
        reason = TaskReason.AT_RISK if assignee else TaskReason.CALL_BACK
        Task.objects.create(customer_number=number, reason=reason, due_on=timezone.now().date(), assignee=assignee)
    watch = Watch.objects.create(owner=administrator, customer_number="300001")
    alert = Alert.objects.create(
        owner=administrator, watch=watch, snapshot_id=published[1], as_of_date=date(2018, 12, 1)
    )
    AlertedCustomer.objects.create(alert=alert, customer_number="300001", was="low", band="high", churn_probability=0.7)
    Delivery.objects.create(alert=alert, channel=Channel.MAIL)
    return administrator


@pytest.mark.parametrize("role", ["administrator", "supervisor", "agent", "analyst", "nobody"])
def test_reading_never_writes(
    browser_of: Callable[..., Client], at_work: User, agent: User, supervisor: User, analyst: User, role: str
) -> None:
    """HEAD, GET and OPTIONS of every address, by everybody, leave every table as it is."""
    people = {"administrator": at_work, "supervisor": supervisor, "agent": agent, "analyst": analyst, "nobody": None}
    browser, before = browser_of(people[role]), stored()
    for path in paths():
        if path in ENDS_THE_SESSION:
            continue
        for method in (browser.head, browser.get, browser.options):
            response = method(path)
            assert response.status_code < 500, path
            response.getvalue()  # some answers are streamed, and work while they are read
    assert stored() == before


def test_a_page_leaves_even_the_tables_of_looking_to_their_purpose(
    browser_of: Callable[..., Client], at_work: User
) -> None:
    """No page keeps customers anywhere but in the audit."""
    browser = browser_of(at_work)
    browser.get("/charts/app/listening/")
    before = stored({"audit_event"})
    for path in (
        "/",
        "/worklist/",
        "/worklist/?show=open",
        "/customers/",
        "/customers/300001/",
        "/search/?q=3",
        "/alerts/",
    ):
        assert browser.get(path).status_code == 200, path
    changed = {name for name, digest in stored({"audit_event"}).items() if before[name] != digest}
    assert changed <= {"django_session"}, changed


def test_the_comparison_sees_each_table(at_work: User, agent: User) -> None:
    before = stored()
    assert {"accounts_user", "desk_task", "alerts_watch", "snapshot", "api_apitoken"} <= set(before)
    assert not set(before) & set(BY_LOOKING)
    Task.objects.filter(customer_number="300002").update(words="something")
    AlertedCustomer.objects.update(was="medium")
    after = stored()
    assert {name for name in after if after[name] != before[name]} == {"desk_task", "alerts_alertedcustomer"}
