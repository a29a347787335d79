"""Every address of the site, for everybody: what stands in `TABLE` is what may happen, and nothing else exists.

An address without a row fails, and so does a row without an address. `login` is a redirect to the login page, 302 one
to elsewhere (after a form, or to a page that asks for the password once more). The customers are those of the synthetic
snapshot; the supervisor's team has the agent; each request is the first of a fresh session.
"""

import re
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.webportal.access_table import TABLE
from webportal.accounts.models import Invitation, Team, User
from webportal.customers.models import Snapshot
from webportal.desk.models import Contact, Note, Task
from webportal.privacy.models import ErasedCustomer

WHO = ("anonymous", "agent", "supervisor", "analyst", "administrator")
METHODS = ("get", "post")
SAMPLES = {"ident": "listening", "number": "300001", "app_label": "accounts", "key": "abc-123", "url": "nothing"}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", r"<\1>", route)


ROUTES = sorted(set(routes(get_resolver())))


def parse(table: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each route, by method, what happens to each of `WHO`."""
    rows = (line.replace("|", " ").split() for line in table.strip().splitlines() if not line.startswith("#"))
    return {row[0].removeprefix("/"): {"get": tuple(row[1:6]), "post": tuple(row[6:11])} for row in rows}


EXPECTED = parse(TABLE)


@pytest.fixture
def people(
    agent: User, supervisor: User, analyst: User, administrator: User, team: Team, snapshot: Snapshot
) -> dict[str, User | None]:
    agent.team = team
    agent.save()
    return dict(zip(WHO, (None, agent, supervisor, analyst, administrator), strict=True))


@pytest.fixture
def objects(people: dict[str, User | None], team: Team) -> dict[str, str]:
    """Keys of rows for the addresses of the admin that end in one."""
    agent = people["agent"]
    assert agent is not None
    erased = ErasedCustomer.objects.create(customer_number="7", erased_by="admin", reason="asked")
    invitation = Invitation.objects.create(email="a@b.example", team=team, expires_at=agent.date_joined)
    keys = {"user": agent.pk, "team": team.pk, "invitation": invitation.pk, "erasedcustomer": erased.pk}
    keys |= {name: row.pk for name, row in work_of(agent).items()}
    return {name: str(key) for name, key in keys.items()} | {"desksettings": "1"}


def work_of(agent: User) -> dict[str, Contact | Note | Task]:
    """Return a contact and a note of the agent's, and a task of the queue."""
    seen = {"snapshot_id": 1, "as_of_date": date(2018, 12, 1), "horizon_days": 14}
    contact = Contact(customer_number="300001", channel="mail", outcome="kept", agent=agent, token=uuid4(), **seen)
    note = Note(customer_number="300001", words="prefers mail", agent=agent, token=uuid4())
    task = Task(customer_number="300002", reason="call back", due_on=date(2018, 12, 1))
    for row in (contact, note, task):
        row.save()
    return {"contact": contact, "note": note, "task": task}


def address(route: str, objects: dict[str, str]) -> str:
    """Return an address that the route matches."""
    model = route.split("/")[2] if route.startswith("admin/") and route.count("/") > 2 else ""
    names = {**SAMPLES, "object_id": objects.get(model, "1"), "id": objects["user"]}
    names |= {"contact_id": objects["contact"], "note_id": objects["note"], "task_id": objects["task"]}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: names.get(found[1], "1"), route)


def outcome(user: User | None, method: str, path: str) -> str:
    client = Client()
    with transaction.atomic():  # what one request changes, the next does not see
        if user is not None:
            client.force_login(user)
        response = getattr(client, method)(path)
        transaction.set_rollback(True)
    to_login = response.status_code == 302 and response.headers["Location"].startswith("/login/")
    return "login" if to_login else str(response.status_code)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(ROUTES) - set(EXPECTED) == set(), "addresses without a row"
    assert set(EXPECTED) - set(ROUTES) == set(), "rows without an address"


def test_the_walk_finds_what_each_app_adds() -> None:
    assert {"", "search/", "login/", "admin/", "charts/app/<slug:ident>/_dash-update-component"} <= set(ROUTES)
    assert not any("add_stateless_apps" in route or "/instance/" in route for route in ROUTES)


def test_everybody_gets_what_the_table_says(people: dict[str, User | None], objects: dict[str, str]) -> None:
    addresses = {route: address(route, objects) for route in ROUTES}
    found = {
        route: {method: tuple(outcome(people[who], method, path) for who in WHO) for method in METHODS}
        for route, path in addresses.items()
    }
    differing = {route: outcomes for route, outcomes in found.items() if outcomes != EXPECTED.get(route)}
    assert differing == {}


@pytest.mark.parametrize("path", ["/nothing/here", "/charts/add_stateless_apps", "/charts/instance/listening/"])
def test_where_there_is_nothing_strangers_learn_nothing(path: str, people: dict[str, User | None]) -> None:
    assert [outcome(people[who], "get", path) for who in WHO] == ["login", "404", "404", "404", "404"]
