"""On a real Postgres: what each role needs works, and whatever else it tries is refused."""

import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import errors

from deploy.local.database import RoleUrls
from spark_assets.contracts import CUSTOMER_SNAPSHOT
from spark_assets.publishing import partitions, retention
from spark_assets.publishing.publish import only_publisher
from spark_assets.publishing.staging import Stage
from tests.embedded import embedded_postgres
from tests.webportal.browser import harness
from tests.webportal.publishing import customer, publish
from webportal.operations.database_roles import grants

ROOT = Path(__file__).resolve().parents[3]


def manage(owner: str, *arguments: str) -> str:
    environ = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "MIGRATE_DATABASE_URL": owner}
    command = [sys.executable, str(ROOT / "webportal" / "manage.py"), *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def urls() -> Iterator[RoleUrls]:
    """Roles on a server of their own, tables migrated and rights granted, as `make up` does."""
    with embedded_postgres() as server:
        found = server.role_urls()
        manage(found.owner, "migrate", "-v", "0")
        manage(found.owner, "database_roles")
        yield found


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def publish_as(url: str) -> int:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        return publish(cursor, [customer("1"), customer("2")])


def test_the_publisher_publishes_and_the_portal_reads(urls: RoleUrls) -> None:
    snapshot_id = publish_as(urls.publisher)
    assert run(urls.portal, "SELECT count(*) FROM current_customer") == [(2,)]
    assert run(urls.portal, "SELECT DISTINCT snapshot_id FROM current_customer") == [(snapshot_id,)]


def test_the_publisher_does_each_step_of_a_publish(urls: RoleUrls) -> None:
    with closing(psycopg2.connect(urls.publisher)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            partitions.check_contract(cursor, CUSTOMER_SNAPSHOT)
            stage = Stage("customer_snapshot_stage_77_1", 0)
            cursor.execute(f"CREATE UNLOGGED TABLE {stage.table} (LIKE {CUSTOMER_SNAPSHOT.name})")
            name, _ = partitions.make_partition(cursor, CUSTOMER_SNAPSHOT, 77, [stage])
            partitions.build_indexes(cursor, CUSTOMER_SNAPSHOT, name)
            partitions.attach(cursor, CUSTOMER_SNAPSHOT, 77)
            partitions.wait_for_planned_queries(cursor, CUSTOMER_SNAPSHOT)
            assert 77 in partitions.attached(cursor, CUSTOMER_SNAPSHOT)
            assert retention.remove_orphans(cursor, urls.publisher) is None
            assert 77 not in partitions.attached(cursor, CUSTOMER_SNAPSHOT)
    with only_publisher(urls.publisher):
        pass


def test_the_owner_still_migrates_what_the_publisher_made(urls: RoleUrls) -> None:
    publish_as(urls.publisher)
    run(
        urls.owner,
        "ALTER TABLE customer_snapshot ADD COLUMN tried integer",
        "CREATE INDEX tried ON customer_snapshot (tried)",
        "ALTER TABLE customer_snapshot DROP COLUMN tried",
    )
    manage(urls.owner, "migrate", "-v", "0")
    manage(urls.owner, "database_roles")
    assert publish_as(urls.publisher)


def test_the_portal_works_on_its_own_tables(urls: RoleUrls) -> None:
    environ = {**os.environ, "DATABASE_URL": urls.portal, "MIGRATE_DATABASE_URL": ""}
    command = [sys.executable, str(ROOT / "webportal" / "manage.py"), "create_first_users"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "agent" in done.stdout
    assert run(urls.portal, "UPDATE accounts_user SET first_name = 'A' RETURNING 1")


def test_the_portal_needs_no_more_to_serve_its_pages(urls: RoleUrls) -> None:
    """From the login to a customer and back, as a browser does it: sessions, lockout, cache and audit are written."""
    publish_as(urls.publisher)
    environ = {**harness.portal_environment(urls.portal), "MIGRATE_DATABASE_URL": "", "PUBLISH_DATABASE_URL": ""}
    password = harness.manage(environ, "reset_password", "agent").split()[1]
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with harness.serving(environ) as address:

        def answer(path: str, **fields: str) -> str:
            data = urllib.parse.urlencode(fields).encode() if fields else None
            with opener.open(address + path, data) as response:
                text: str = response.read().decode()
            return text

        def token(page: str) -> str:
            return re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page)[0]

        wrong = answer("/login/", csrfmiddlewaretoken=token(answer("/login/")), login="agent", password="wrong")
        assert "do not belong together" in wrong
        landed = answer("/login/", csrfmiddlewaretoken=token(wrong), login="agent", password=password)
        assert 'id="search"' in landed
        assert "Colin Freeman" in answer("/customers/1/")
        assert "listening-graph" in answer("/charts/app/listening/_dash-layout")
        answer("/logout/", csrfmiddlewaretoken=token(answer("/account/")))
    kinds = {kind for (kind,) in run(urls.portal, "SELECT DISTINCT kind FROM audit_event")}
    assert {"login", "login failed", "viewed", "logout"} <= kinds


PORTAL_REFUSED = [
    "INSERT INTO snapshot SELECT * FROM snapshot",
    "UPDATE customer_snapshot SET churn_probability = 0",
    "INSERT INTO customer_snapshot SELECT * FROM customer_snapshot",
    "DELETE FROM customer_snapshot_s1",
    "TRUNCATE customer_snapshot",
    "UPDATE current_snapshot SET snapshot_id = 1",
    "DELETE FROM snapshot",
    "DELETE FROM failed_run",
    "DROP TABLE customer_snapshot",
    "ALTER TABLE customer_snapshot ADD COLUMN x integer",
    "SELECT nextval('snapshot_id_seq')",
    "CREATE TABLE mine (a integer)",
    "CREATE TEMPORARY TABLE mine (a integer)",
    "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "UPDATE audit_event SET actor = ''",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TABLE accounts_user",
    "TRUNCATE accounts_user",
    "ALTER TABLE accounts_user ADD COLUMN x integer",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
    "DELETE FROM django_migrations",
    "CREATE ROLE mine",
    "ALTER ROLE encore_portal SUPERUSER",
    "SET ROLE encore_snapshots",
    "SET ROLE encore_publisher",
    "SET ROLE encore",
    "COPY accounts_user TO PROGRAM 'cat'",
    "COPY accounts_user TO '/tmp/users'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "CREATE DATABASE mine",
    "SELECT * FROM pg_authid",
]

PUBLISHER_REFUSED = [
    *(f"{verb} accounts_user" for verb in ("SELECT * FROM", "DELETE FROM", "TRUNCATE", "DROP TABLE")),
    "UPDATE accounts_user SET role = 'administrator'",
    "INSERT INTO accounts_user (username) VALUES ('mine')",
    "SELECT * FROM django_session",
    "DELETE FROM django_session",
    "SELECT * FROM django_admin_log",
    "DELETE FROM django_admin_log",
    "SELECT * FROM api_apitoken",
    "SELECT * FROM audit_event",
    "INSERT INTO audit_event (kind) VALUES ('login')",
    "DELETE FROM audit_event",
    "SELECT audit_delete_older_than(90)",
    "DELETE FROM erased_customer",
    "INSERT INTO erased_customer (customer_number) VALUES ('1')",
    "SELECT * FROM portal_cache",
    "UPDATE api_apitoken SET revoked_at = NULL",
    "SELECT * FROM django_migrations",
    "DROP TABLE snapshot",
    "ALTER TABLE snapshot ADD COLUMN x integer",
    "DROP VIEW current_customer",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "SET ROLE encore",
    "SET ROLE encore_portal",
    "GRANT SELECT ON accounts_user TO encore_publisher",
    "COPY customer_snapshot TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT * FROM pg_authid",
]


@pytest.mark.parametrize("statement", PORTAL_REFUSED)
def test_the_portal_is_refused(urls: RoleUrls, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(urls.portal, statement)


@pytest.mark.parametrize("statement", PUBLISHER_REFUSED)
def test_the_publisher_is_refused(urls: RoleUrls, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(urls.publisher, statement)


def test_each_portal_table_has_exactly_its_grants(urls: RoleUrls) -> None:
    """Asked of the database itself, so that no grant by another way goes unseen."""
    found = run(
        urls.owner,
        "SELECT table_name, array_agg(privilege_type::text) FROM information_schema.role_table_grants "
        "WHERE grantee = 'encore_portal' GROUP BY table_name",
    )
    on_tables = [grant for grant in grants() if grant.role == "encore_portal" and grant.kind == "TABLE"]
    wanted = {grant.name: set(grant.privileges.split(", ")) for grant in on_tables}
    assert {str(name): set(privileges) for name, privileges in found} == wanted  # type: ignore[call-overload] # a list


def test_the_portal_adds_to_the_audit_and_lets_go_of_what_is_old_alone(urls: RoleUrls) -> None:
    added = "INSERT INTO audit_event (kind, actor, subjects, purpose, path, details) VALUES (%s) RETURNING 1"
    assert run(urls.portal, added % "'login', '', '{}', '', '', '{}'") == [(1,)]
    assert run(urls.portal, "SELECT audit_delete_older_than(90)") == [(0,)]
    with pytest.raises(errors.InvalidParameterValue):
        run(urls.portal, "SELECT audit_delete_older_than(1)")


def test_the_portal_erases_a_person_from_snapshots_and_the_publisher_waits_for_it(urls: RoleUrls) -> None:
    publish_as(urls.publisher)
    assert run(urls.portal, "DELETE FROM customer_snapshot WHERE customer_number = '1' RETURNING 1")
    assert run(urls.portal, "SELECT count(*) FROM current_customer WHERE customer_number = '1'") == [(0,)]
    run(urls.publisher, "BEGIN", "LOCK TABLE erased_customer IN SHARE MODE", "SELECT * FROM erased_customer", "COMMIT")


def test_a_page_that_asks_for_too_long_is_ended(urls: RoleUrls) -> None:
    assert run(urls.portal, "SHOW statement_timeout") == [("15s",)]
    with pytest.raises(errors.QueryCanceled):
        run(urls.portal, "SET statement_timeout = '50ms'", "SELECT pg_sleep(2)")
