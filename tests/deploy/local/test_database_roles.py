from urllib.parse import urlsplit

import psycopg2
import pytest

from deploy.local.environment import prepare
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import Settings


def who(url: str) -> tuple[str, str]:
    """Return who signed in, and as whom the session goes on."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user, current_user")
            return cursor.fetchall()[0]
    finally:
        connection.close()


def test_each_role_signs_in_and_the_publisher_goes_on_as_the_owner_of_snapshots(server: EmbeddedPostgres) -> None:
    urls = server.role_urls()
    assert who(urls.owner) == ("encore", "encore")
    assert who(urls.portal) == ("encore_portal", "encore_portal")
    assert who(urls.publisher) == ("encore_publisher", "encore_snapshots")
    assert server.role_urls() == urls


def test_no_password_is_shared(server: EmbeddedPostgres) -> None:
    urls = server.role_urls()
    passwords = {urlsplit(url).password for url in (urls.owner, urls.portal, urls.publisher)}
    assert len(passwords) == 3


def test_no_role_is_more_than_it_must(server: EmbeddedPostgres) -> None:
    connection = psycopg2.connect(server.role_urls().owner)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'encore\\_%' "
                "AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication)"
            )
            assert cursor.fetchall() == []
    finally:
        connection.close()


@pytest.mark.parametrize("as_owner", [True, False])
def test_commands_get_one_variable_a_role_unless_they_are_the_owner(settings: Settings, as_owner: bool) -> None:
    environ = prepare(settings, java=False, as_owner=as_owner)
    users = {name: urlsplit(environ[name]).username for name in environ if name.endswith("DATABASE_URL")}
    apart = {
        "DATABASE_URL": "encore_portal",
        "PUBLISH_DATABASE_URL": "encore_publisher",
        "MIGRATE_DATABASE_URL": "encore",
    }
    assert users == ({"DATABASE_URL": "encore"} if as_owner else apart)
