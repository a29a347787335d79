""" "Who looked at me" is complete: whatever address shows a customer, the audit names them for it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.webportal.attacks.walking import paths
from tests.webportal.insights.test_dash_app_listening_app import CALLBACK, choose, question
from tests.webportal.publishing import pseudonym_of
from tests.webportal.test_access import work_of
from webportal.accounts.models import ScopedCustomer, Team, User
from webportal.alerts.models import Alert, AlertedCustomer, Watch
from webportal.api.cards import sign_card
from webportal.api.tokens import create_token
from webportal.audit.models import AuditEvent
from webportal.audit.services import LOOKING
from webportal.customers.models import CustomerSnapshot, Snapshot
from webportal.insights.charts import EVERYONE
from webportal.insights.dash_app import CHOICE, GRAPH, MEASURE
from webportal.privacy.models import ErasedCustomer

SEEN = "300001"
QUERIES = ("", "?q=3000&number=300001&whom=300001&older=1")
ENDS = {"/logout/", "/admin/logout/"}
PURPOSE = {"purpose": "a test", "number": SEEN}


@pytest.fixture
def busy(snapshot: Snapshot, agent: User, supervisor: User, analyst: User, team: Team, administrator: User) -> None:
    agent.team = team  # the supervisor's
    agent.save()
    work_of(agent)
    ErasedCustomer.objects.create(customer_number="300099", erased_by="admin", reason="asked")
    ScopedCustomer.objects.create(team=team, customer_number="300003")
    for user in (agent, supervisor, administrator):
        Watch.objects.create(owner=user, customer_number="300004")
        alert = Alert.objects.create(owner=user, snapshot_id=snapshot.pk, as_of_date=snapshot.as_of_date)
        AlertedCustomer.objects.create(
            alert=alert, customer_number="300005", was="low", band="high", churn_probability=0.5
        )


def body(response: HttpResponseBase) -> str:
    content: bytes = response.getvalue()  # type: ignore[attr-defined] # of both kinds of response
    return content.decode(errors="replace")


def unnamed(numbers: set[str], ask: Callable[[], HttpResponseBase], typed: str) -> set[str]:
    """Return whom an answer shows without the audit naming them; what the visitor typed tells them nothing new."""
    last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    response = ask()
    if response.status_code != 200 or "zip" in response.headers.get("Content-Type", ""):
        return set()
    text = body(response)
    shown = {number for number in numbers if number in text and number not in typed}
    named = AuditEvent.objects.filter(id__gt=last, kind__in=LOOKING).values_list("subjects", flat=True)
    return shown - {subject for subjects in named for subject in subjects}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("who", ["agent", "supervisor", "analyst", "administrator"])
def test_every_page_names_whom_it_shows(who: str, request: pytest.FixtureRequest) -> None:
    user: User = request.getfixturevalue(who)
    numbers = set(CustomerSnapshot.objects.values_list("customer_number", flat=True)) | {"300099"}
    numbers |= {pseudonym_of(number) for number in numbers}
    missing: dict[str, set[str]] = {}
    for path in (each for each in paths() if each not in ENDS):
        client = Client()  # a fresh one: a message about what was typed elsewhere would show here
        client.force_login(user)
        for query in QUERIES:
            address = path + query
            if found := unnamed(numbers, partial(client.get, address), address):
                missing[address] = found
        found = unnamed(numbers, partial(client.post, path, PURPOSE), path + SEEN)
        if found:
            missing[f"POST {path}"] = found
    assert missing == {}, str(missing)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("who", ["agent", "supervisor", "analyst", "administrator"])
def test_every_chart_question_names_whom_it_shows(who: str, snapshot: Snapshot, request: pytest.FixtureRequest) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    numbers = set(CustomerSnapshot.objects.values_list("customer_number", flat=True))
    numbers |= {pseudonym_of(number) for number in numbers}
    first = choose(client, EVERYONE)
    drawn = 0
    for group in (option["value"] for option in first[CHOICE]["options"]):
        for measure in (option["value"] for option in first[MEASURE]["options"]):
            ask = partial(client.post, CALLBACK, question(group, measure), content_type="application/json")
            assert unnamed(numbers, ask, "") == set(), (group, measure)
            drawn += sum(len(trace["x"]) for trace in choose(client, group, measure)[GRAPH]["figure"]["data"])
    assert drawn > snapshot.customer_rows  # else nothing was asked


@pytest.mark.usefixtures("busy")
def test_the_api_and_the_card_name_whom_they_show(agent: User) -> None:
    token = create_token(owner=agent, name="crm", lifetime=timedelta(days=1))
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    numbers = set(CustomerSnapshot.objects.values_list("customer_number", flat=True))
    addresses = [path for path in paths() if path.startswith("/api/v1/")] + [f"/card/{sign_card(SEEN, token.token)}/"]
    shown = 0
    for address in addresses:
        assert unnamed(numbers, partial(client.get, address), "") == set(), address
        shown += SEEN in body(client.get(address))
    assert shown >= 3  # else nothing was looked at
