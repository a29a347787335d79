"""The button on the customer's page, the inbox, and what one watches."""

from collections.abc import Sequence

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, published, scored
from webportal.accounts.models import Team, User
from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Alert, Watch
from webportal.alerts.selectors import PAGE_SIZE
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def crossing(numbers: Sequence[str]) -> None:
    published([scored(number, LOW) for number in numbers], as_of_date=NOVEMBER)
    published([scored(number, HIGH) for number in numbers], as_of_date=DECEMBER)


def test_a_button_begins_and_ends_to_watch(desk: Client, agent: User, snapshot: Snapshot) -> None:
    address = "/customers/300001/"
    assert 'aria-pressed="false"' in desk.get(address).content.decode()
    assert desk.post("/alerts/watch/", {"number": "300001"}).headers["Location"] == address
    assert 'aria-pressed="true"' in desk.get(address).content.decode()
    watch = Watch.objects.get(owner=agent)
    ended = desk.post(f"/alerts/watches/{watch.pk}/end/", {"back": "1"})
    assert ended.headers["Location"] == address
    assert not Watch.objects.exists()


@pytest.mark.parametrize("number", ["", "999999", "a b", "../../login"])
def test_nobody_watches_what_is_no_customer_of_theirs(desk: Client, snapshot: Snapshot, number: str) -> None:
    assert desk.post("/alerts/watch/", {"number": number}).status_code == 404


def test_the_inbox_tells_whom_it_was_and_writes_that_down(desk: Client, agent: User) -> None:
    crossing(["7"])
    Watch.objects.create(owner=agent, customer_number="7")
    find_alerts()
    page = desk.get("/alerts/").content.decode()
    assert 'href="/customers/7/"' in page
    assert page.count("is-unread") == 1
    assert AuditEvent.objects.get(kind=Kind.SEARCHED).subjects == ["7"]
    alert = Alert.objects.get()
    assert desk.post(f"/alerts/{alert.pk}/read/").headers["Location"] == "/alerts/"
    assert "is-unread" not in desk.get("/alerts/").content.decode()


def test_all_are_marked_as_read_at_once(desk: Client, agent: User, supervisor: User) -> None:
    crossing(["7", "8"])
    for owner in (agent, supervisor):
        for number in ("7", "8"):
            Watch.objects.create(owner=owner, customer_number=number)
    find_alerts()
    desk.post("/alerts/read/")
    assert not Alert.objects.filter(owner=agent, read_at=None).exists()
    assert Alert.objects.filter(owner=supervisor, read_at=None).count() == 2


def test_whom_one_no_longer_sees_is_withheld(desk: Client, agent: User) -> None:
    crossing(["7"])
    Watch.objects.create(owner=agent, customer_number="7")
    find_alerts()
    agent.team = Team.objects.create(name="elsewhere", places=["Nowhere, XX"])
    agent.save()
    page = desk.get("/alerts/").content.decode()
    assert "/customers/7/" not in page
    assert "1 customer is no longer among those you see" in page
    assert not AuditEvent.objects.filter(kind=Kind.SEARCHED).exists()


def test_nobody_reads_marks_or_ends_what_is_anothers(desk: Client, supervisor: User) -> None:
    crossing(["7"])
    watch = Watch.objects.create(owner=supervisor, customer_number="7")
    find_alerts()
    alert = Alert.objects.get()
    assert "/customers/7/" not in desk.get("/alerts/").content.decode()
    assert desk.post(f"/alerts/{alert.pk}/read/").status_code == 404
    assert desk.post(f"/alerts/watches/{watch.pk}/end/").status_code == 404
    assert Watch.objects.filter(pk=watch.pk).exists()


def test_older_alerts_are_a_page_away(desk: Client, agent: User, snapshot: Snapshot) -> None:
    for number in range(PAGE_SIZE + 3):
        Alert.objects.create(owner=agent, snapshot_id=number, as_of_date=DECEMBER, segment=f"segment {number}")
    first = desk.get("/alerts/").content.decode()
    assert first.count("alert-item") == PAGE_SIZE
    oldest = Alert.objects.order_by("-id")[PAGE_SIZE - 1].pk
    assert f'href="?before={oldest}"' in first
    second = desk.get("/alerts/", {"before": oldest}).content.decode()
    assert second.count("alert-item") == 3
    for nonsense in ("-1", "x", "9" * 30, "²"):
        assert desk.get("/alerts/", {"before": nonsense}).status_code == 200


def test_a_page_of_alerts_asks_a_handful_of_times(
    desk: Client, agent: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    numbers = [str(number) for number in range(20)]
    crossing(numbers)
    for number in numbers:
        Watch.objects.create(owner=agent, customer_number=number)
    find_alerts()
    desk.get("/search/")
    with django_assert_num_queries(8):  # session, user, snapshot, alerts, customers, deliveries, visible, audit
        desk.get("/alerts/")


def test_an_empty_inbox_says_what_to_do(desk: Client, snapshot: Snapshot) -> None:
    assert "Watch one by the button" in desk.get("/alerts/").content.decode()
    assert "Nothing yet." in desk.get("/alerts/watches/").content.decode()


def test_a_supervisor_watches_a_segment(supervisor: User, snapshot: Snapshot) -> None:
    office = signed_in(supervisor)
    assert "Watch a segment" in office.get("/alerts/watches/").content.decode()
    fields = {"band": "high", "level": "paid", "place": "MT", "by_mail": "on"}
    page = office.post("/alerts/watches/", fields, follow=True).content.decode()
    assert "High risk, Paid, MT" in page
    again = office.post("/alerts/watches/", fields)
    assert (again.status_code, "already" in again.content.decode()) == (400, True)


@pytest.mark.parametrize("fields", [{}, {"band": "low"}, {"band": "high", "level": "x" * 65}, {"band": "x" * 300}])
def test_a_wrong_segment_is_said_so(supervisor: User, snapshot: Snapshot, fields: dict[str, str]) -> None:
    response = signed_in(supervisor).post("/alerts/watches/", fields)
    assert response.status_code == 400
    assert "field-error" in response.content.decode()


@pytest.mark.parametrize("who", ["agent", "analyst"])
def test_agents_and_analysts_watch_no_segments(who: str, agent: User, analyst: User, snapshot: Snapshot) -> None:
    browser = signed_in(agent if who == "agent" else analyst)
    assert "Watch a segment" not in browser.get("/alerts/watches/").content.decode()
    assert browser.post("/alerts/watches/", {"band": "high"}).status_code == 403
    assert not Watch.objects.exists()
