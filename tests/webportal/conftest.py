"""Fixtures of the portal's tests: a published snapshot, and people who are signed in."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from tests.webportal.publishing import Row, publish, synthetic_customers
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.customers.models import Snapshot


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a worker remembers would outlive the test, whose database is rolled back."""
    caches["memory"].clear()


@pytest.fixture
def customers() -> list[Row]:
    return synthetic_customers()


@pytest.fixture
def snapshot(db: None, customers: list[Row]) -> Snapshot:
    with connection.cursor() as cursor:
        snapshot_id = publish(cursor, customers)
    return Snapshot.objects.get(snapshot_id=snapshot_id)


@pytest.fixture
def unscored_snapshot(db: None, customers: list[Row]) -> Snapshot:
    nothing = dict.fromkeys(("churn_probability", "risk_band", "reasons", "change", "doubts"))
    unscored = [{**row, **nothing} for row in customers]
    with connection.cursor() as cursor:
        snapshot_id = publish(cursor, unscored, model_version=None, model_note="No log holds a cancellation.")
    return Snapshot.objects.get(snapshot_id=snapshot_id)


@pytest.fixture
def agent(db: None) -> User:
    return User.objects.create_user("agent", password="correct horse")


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("admin", password="battery staple")


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Second line")


@pytest.fixture
def supervisor(team: Team) -> User:
    return User.objects.create_user("supervisor", password="stapled battery", role=Role.SUPERVISOR, team=team)


@pytest.fixture
def analyst(db: None) -> User:
    return User.objects.create_user("analyst", password="horse correct", role=Role.ANALYST)


@pytest.fixture
def desk(agent: User) -> Client:
    """A browser in which the agent is signed in."""
    client = Client()
    client.force_login(agent)
    return client
