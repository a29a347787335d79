"""A Postgres database with the portal's tables, made once, and a fresh copy of it for each test."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from deploy.local.postgres import EmbeddedPostgres
from tests.embedded import embedded_postgres
from tests.webportal.browser import harness

MANAGE = Path(__file__).resolve().parents[3] / "webportal" / "manage.py"
STAND_IN = "postgresql://encore@127.0.0.1:5432/encore"
"""What the portal's test settings put where no DATABASE_URL is."""


def run_sql(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run statements outside of a transaction; return the rows of the last one."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def server() -> str:
    """URL of the server on which databases can be made."""
    url = os.environ.get("DATABASE_URL", STAND_IN)
    if url == STAND_IN:
        pytest.skip("DATABASE_URL is not set: run through `make test`, which starts a Postgres")
    return url


@contextmanager
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """Yield a migrated Postgres of a test's own, which it may stop."""
    with embedded_postgres() as made:
        harness.manage(harness.portal_environment(str(made.url)), "migrate", "--noinput", "-v", "0")
        yield made


def new_database(server: str, template: str = "template1") -> str:
    name = f"encore_publish_{secrets.token_hex(4)}"
    run_sql(server, f"create database {name} template {template}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def drop_database(server: str, url: str) -> None:
    harness.drop_database(server, name_of(url))


def name_of(url: str) -> str:
    return urlsplit(url).path.strip("/")


def migrate(url: str) -> None:
    """Run the portal's migrations."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "webportal.config.settings.test"}
    command = [sys.executable, str(MANAGE), "migrate", "-v", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def migrated(server: str) -> Iterator[str]:
    """URL of a database with the portal's migrations, that nothing is ever published to."""
    url = new_database(server)
    migrate(url)
    yield url
    drop_database(server, url)


@pytest.fixture
def database(server: str, migrated: str) -> Iterator[str]:
    """URL of a fresh database with the portal's tables."""
    url = new_database(server, name_of(migrated))
    yield url
    drop_database(server, url)


@pytest.fixture
def bare_database(server: str) -> Iterator[str]:
    """URL of a database without any table."""
    url = new_database(server)
    yield url
    drop_database(server, url)
