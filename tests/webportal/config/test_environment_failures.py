from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from webportal.config import environment
from webportal.config.environment import one_line


def looked_for(monkeypatch: pytest.MonkeyPatch, **database: str | None) -> None:
    monkeypatch.setattr(environment, "settings", SimpleNamespace(DATABASES={"default": database}))


def test_says_where_postgres_was_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for(monkeypatch, HOST="db.example", PORT="6543", NAME="churn", PASSWORD="hush")
    line = one_line(OperationalError("connection refused\n\tIs the server running?\n"))
    assert line == "Encore cannot reach Postgres at db.example:6543/churn: connection refused"


@pytest.mark.parametrize("host", ["", None])
def test_knows_the_local_socket_and_the_usual_port(monkeypatch: pytest.MonkeyPatch, host: str | None) -> None:
    looked_for(monkeypatch, HOST=host, PORT="", NAME="churn")
    line = one_line(OperationalError(""))
    assert line == "Encore cannot reach Postgres at local socket:5432/churn: OperationalError"


def test_says_what_is_configured_wrongly() -> None:
    assert one_line(ImproperlyConfigured("X is not set.")) == "Encore cannot start: X is not set."
