"""A program that asks with a token of the agent's, and a card that the token issued."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from webportal.accounts.models import User
from webportal.api.tokens import NewToken, create_token
from webportal.customers.models import Snapshot


@pytest.fixture
def token(agent: User) -> NewToken:
    return create_token(owner=agent, name="CRM", lifetime=timedelta(days=30))


@pytest.fixture
def ask(token: NewToken) -> Callable[..., Any]:
    """Return what asks the API with the token."""
    client = Client(headers={"Authorization": f"Bearer {token.text}"})

    def asking(path: str, **parameters: object) -> Any:  # noqa: ANN401 - the test client's response
        return client.get(f"/api/v1/{path}", parameters)

    return asking


@pytest.fixture
def issue(token: NewToken) -> Callable[[str], str]:
    """Return what issues a card and gives its path."""
    program = Client(headers={"Authorization": f"Bearer {token.text}"})

    def issuing(number: str) -> str:
        response = program.post(f"/api/v1/customers/{number}/card/")
        assert response.status_code == 201
        address: str = response.json()["url"]
        return address.removeprefix("http://testserver")

    return issuing


@pytest.fixture
def card(issue: Callable[[str], str], snapshot: Snapshot) -> str:
    """The path of a card of the customer 300001."""
    return issue("300001")
