"""No customer's number or name reaches the log, however somebody writes it into an address."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from webportal.common.logs import RouteInsteadOfPath
from webportal.customers.models import Snapshot


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console shows, as `LOGGING` has it filtered."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(RouteInsteadOfPath())
    logging.getLogger("django").addHandler(handler)
    yield written
    logging.getLogger("django").removeHandler(handler)


@pytest.mark.parametrize("path", ["/customers/Zoë Müller/", "/customers/300999/", "/300999/nothing"])
def test_the_log_names_the_route(desk: Client, snapshot: Snapshot, log: io.StringIO, path: str) -> None:
    assert desk.get(path).status_code == 404
    text = log.getvalue()
    assert "Not Found: /customers/<customer:number>/" in text or "Not Found: (no route)" in text
    assert "300999" not in text
    assert "Müller" not in text


def test_the_console_is_filtered() -> None:
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["no_paths", "request_id"]
