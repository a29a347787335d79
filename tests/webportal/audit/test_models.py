"""The table of the audit refuses every change, whoever asks: here the owner of the table and of the database does."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import DatabaseError, transaction

from tests.webportal.scratch import migrated_database, rows
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record

ADD = "insert into audit_event (at, kind, actor, subjects, purpose, path, details) values "
OLD = ADD + "(now() - interval '100 days', 'viewed', 'agent', '{7}', '', '', '{}')"
YOUNG = ADD + "(now() - interval '80 days', 'viewed', 'agent', '{7}', '', '', '{}')"
REFUSED = "The audit is append-only"


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set actor = 'nobody'",
        "delete from audit_event",
        "truncate audit_event",
        "insert into audit_event select * from audit_event on conflict (id) do update set actor = 'x'",
    ],
)
def test_the_database_refuses(database: str, statement: str) -> None:
    rows(database, YOUNG)
    before = rows(database, "select count(*) from audit_event")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match=REFUSED):
        rows(database, statement)
    assert rows(database, "select count(*) from audit_event") == before


@pytest.mark.django_db
def test_the_portal_is_refused_in_the_same_way() -> None:
    record(Kind.VIEWED, subjects=["7"])
    event = AuditEvent.objects.get()
    event.actor = "somebody else"
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        AuditEvent.objects.all().delete()


def test_even_the_setting_of_retention_does_not_free_young_events(database: str) -> None:
    rows(database, YOUNG)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match=REFUSED):
        rows(database, "set encore.audit_retention = 'on'; delete from audit_event")


def test_retention_deletes_old_events_alone(database: str) -> None:
    rows(database, OLD)
    rows(database, YOUNG)
    young = rows(database, "select count(*) from audit_event where at > now() - interval '90 days'")
    (deleted,) = rows(database, "select audit_delete_older_than(90)")
    assert deleted[0] >= 1
    assert rows(database, "select count(*) from audit_event") == young


def test_retention_below_ninety_days_is_refused(database: str) -> None:
    with pytest.raises(psycopg2.errors.InvalidParameterValue, match="at least 90 days"):
        rows(database, "select audit_delete_older_than(30)")


def test_retention_runs_with_its_owners_rights_and_is_nobodys_by_default(database: str) -> None:
    statement = (
        "select prosecdef, proconfig, has_function_privilege('public', oid, 'execute')"
        " from pg_proc where proname = 'audit_delete_older_than'"
    )
    assert rows(database, statement) == [(True, ["search_path=public, pg_temp"], False)]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with migrated_database() as url:
        yield url
