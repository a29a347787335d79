"""Schemathesis asks what the OpenAPI document allows, and what it forbids: no failure of ours, no undocumented answer.

Bounded in examples, and derandomized so that a run is like the one before it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from webportal.config.wsgi import application
from webportal.customers.models import Snapshot

EXAMPLES = 60
BEYOND_A_SCHEMA = {"after", "order", "at"}
"""What may be refused though its form is right: one must have been signed and goes, like another, with no search; the
third must be of the last days."""
JUDGED_HERE = [positive_data_acceptance, negative_data_rejection]
"""The former knows nothing of signatures, the latter takes a token for missing that we put back."""
BOUNDED = bounds(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection that the test's transaction is in: a real server would look at it anew for each request."""
    watched = (request_started, request_finished)
    for signal in watched:
        signal.disconnect(close_old_connections)
    yield
    for signal in watched:
        signal.connect(close_old_connections)


def operations(program: Client) -> Iterator[Any]:
    """Yield each operation of the document, asked as the program asks."""
    headers = {"Authorization": program.defaults["HTTP_AUTHORIZATION"]}
    document = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, headers=headers)
    for found in document.get_all_operations():
        yield found.ok()


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_api_answers_as_its_document_says(
    program: Client, snapshot: Snapshot, unlimited: None, settings: Settings, mode: GenerationMode
) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # werkzeug's client asks for a host of its own
    headers = {"Authorization": program.defaults["HTTP_AUTHORIZATION"]}
    asked = []
    for operation in operations(program):

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def attack(case: schemathesis.Case) -> None:
            response = case.call(headers=headers)
            asked.append(response.status_code)
            assert response.status_code < 500
            case.validate_response(response, headers=headers, excluded_checks=JUDGED_HERE)
            if response.status_code == 400 and mode is GenerationMode.POSITIVE:
                assert set(response.json()["error"]["fields"]) <= BEYOND_A_SCHEMA

        attack()
    assert 200 in asked
    if mode is GenerationMode.NEGATIVE:
        assert 400 in asked
