"""A column that nobody has opened yet: analysts and the API see nothing of it."""

import pytest
from django.apps import apps
from django.db import connection

from spark_assets.contracts import CUSTOMER_SNAPSHOT, OPEN_TO_ANALYSTS, OPEN_TO_API
from tests.webportal.publishing import pseudonym_of
from webportal.api.serializers import CustomerSerializer, open_columns
from webportal.customers import published_views

FRESH = "shoe_size"


def told(view: str, column: str) -> set[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"select distinct {column} from {view}")  # noqa: S608 - names of this test
        return {value for (value,) in cursor.fetchall()}


@pytest.fixture
def fresh_column(snapshot: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"alter table customer_snapshot add column {FRESH} text default '44'")
    with connection.schema_editor() as editor:
        published_views.recreate_published_views(apps, editor)


@pytest.mark.usefixtures("fresh_column")
def test_a_fresh_column_is_closed_to_analysts() -> None:
    assert told("current_customer", FRESH) == {"44"}
    assert told("pseudonymous_customer", FRESH) == {None}


@pytest.mark.usefixtures("fresh_column")
def test_it_opens_by_being_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_views, "OPEN_TO_ANALYSTS", OPEN_TO_ANALYSTS | {FRESH})
    with connection.schema_editor() as editor:
        published_views.recreate_published_views(apps, editor)
    assert told("pseudonymous_customer", FRESH) == {"44"}


@pytest.mark.usefixtures("fresh_column")
@pytest.mark.parametrize("column", ["first_name", "last_name", "name_key", "last_name_key", "hold_out_draw"])
def test_personal_columns_are_null(column: str) -> None:
    assert told("pseudonymous_customer", column) == {None}


@pytest.mark.usefixtures("fresh_column")
def test_numbers_and_places_are_told_by_pseudonym_and_region() -> None:
    assert pseudonym_of("300001") in told("pseudonymous_customer", "customer_number")
    assert told("pseudonymous_customer", "location") <= {"MA-NH", "CA", "MT", None}


def test_a_fresh_column_is_closed_to_the_api() -> None:
    assert open_columns([*CUSTOMER_SNAPSHOT.column_names, FRESH]) == list(CustomerSerializer.Meta.fields)
    assert set(CustomerSerializer.Meta.fields) == OPEN_TO_API


def test_the_contract_opens_only_columns_that_exist() -> None:
    assert (OPEN_TO_ANALYSTS | OPEN_TO_API) - set(CUSTOMER_SNAPSHOT.column_names) == set()
