"""An administrator at work in the admin."""

import pytest
from django.test import Client

from webportal.accounts.models import User


@pytest.fixture
def office(administrator: User, client: Client) -> Client:
    client.force_login(administrator)
    return client
