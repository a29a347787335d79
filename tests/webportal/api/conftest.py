"""A program that asks with a token of the agent's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from webportal.accounts.models import User
from webportal.api.tokens import NewToken, create_token


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
