"""People and programs who attack: nobody, an agent, an administrator, and the holder of a token."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.webportal.attacks.payloads import hostile_customers
from tests.webportal.publishing import publish
from webportal.accounts.models import User
from webportal.api.tokens import create_token
from webportal.customers.models import Snapshot


@pytest.fixture
def hostile_snapshot(db: None) -> Snapshot:
    """A snapshot whose every text is an attack."""
    with connection.cursor() as cursor:
        return Snapshot.objects.get(snapshot_id=publish(cursor, hostile_customers()))


@pytest.fixture
def browser_of() -> Callable[..., Client]:
    """Return a browser in which a user is signed in, or nobody; errors come back as pages, as they would outside."""

    def make(user: User | None = None, *, csrf: bool = False) -> Client:
        client = Client(raise_request_exception=False, enforce_csrf_checks=csrf)
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def program(agent: User) -> Client:
    """A program with a token of the agent's."""
    token = create_token(owner=agent, name="CRM", lifetime=timedelta(days=1))
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token.text}"})


@pytest.fixture
def unlimited(settings: Settings) -> None:
    """Lift the rate limits, for tests that ask often."""
    settings.API_REQUESTS_PER_MINUTE = {"token": 10**9, "address": 10**9}
