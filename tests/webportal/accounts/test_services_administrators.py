"""The last administrator stays: asked at the service, held by the database, also when two go at once."""

import threading
from collections.abc import Iterator

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.webportal.scratch import connected, migrated_database, rows
from webportal.accounts.models import User
from webportal.accounts.roles import Role
from webportal.accounts.services import check_administrator_remains, set_active, set_role

ADD = (
    "insert into accounts_user (username, password, first_name, last_name, email, role, is_active, date_joined)"
    " values (%s, '', '', '', '', 'administrator', true, now()) returning id"
)
DEMOTE = "update accounts_user set role = 'agent' where username = %s"


def test_one_of_two_may_go(administrator: User, db: None) -> None:
    User.objects.create_superuser("second")
    check_administrator_remains([administrator.pk])


def test_the_last_one_may_neither_be_demoted_nor_deactivated(administrator: User, agent: User) -> None:
    with pytest.raises(ValidationError, match="At least one active administrator"):
        set_role(users=[administrator], role=Role.AGENT)
    with pytest.raises(ValidationError, match="At least one active administrator"):
        set_active(users=[agent, administrator], active=False)
    assert User.objects.filter(is_active=True, role=Role.ADMINISTRATOR).count() == 1


def test_an_inactive_administrator_does_not_count(administrator: User) -> None:
    User.objects.create_superuser("gone", is_active=False)
    with pytest.raises(ValidationError):
        check_administrator_remains([administrator.pk])


@pytest.mark.parametrize("change", [{"role": Role.AGENT}, {"is_active": False}])
def test_the_database_holds_it_whoever_asks(administrator: User, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="At least one active administrator"), transaction.atomic():
        User.objects.update(**change)
    with pytest.raises(IntegrityError, match="At least one active administrator"), transaction.atomic():
        User.objects.all().delete()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with migrated_database() as url:
        yield url


def test_of_two_who_demote_each_other_at_once_one_fails(database: str) -> None:
    for name in ("one", "two"):
        rows(database, ADD, name)
    failures: list[str] = []

    def demote_second() -> None:
        try:
            rows(database, DEMOTE, "two")
        except psycopg2.errors.CheckViolation as failure:
            failures.append(str(failure))

    with connected(database) as first, first.cursor() as cursor:
        cursor.execute(DEMOTE, ("one",))
        other = threading.Thread(target=demote_second)
        other.start()
        other.join(timeout=1)
        assert other.is_alive(), "the second change did not wait for the first one to commit"
        first.commit()
        other.join(timeout=10)
    assert len(failures) == 1
    assert rows(database, "select username from accounts_user where role = 'administrator'") == [("two",)]
