"""The contract, Django's models and the migrated database say the same."""

from typing import Any

import pytest
from django.db import connection, models

from spark_assets.contracts import (
    CURRENT_CUSTOMER_VIEW,
    CURRENT_SNAPSHOT,
    CUSTOMER_SNAPSHOT,
    FAILED_RUN,
    PSEUDONYMOUS_CUSTOMER_VIEW,
    SNAPSHOT,
    Table,
)
from webportal.customers.models import (
    CurrentCustomer,
    CurrentSnapshot,
    CustomerSnapshot,
    FailedRun,
    PseudonymousCustomer,
    Snapshot,
)

PAIRS: list[tuple[Table, type[models.Model]]] = [
    (SNAPSHOT, Snapshot),
    (CURRENT_SNAPSHOT, CurrentSnapshot),
    (CUSTOMER_SNAPSHOT, CustomerSnapshot),
    (FAILED_RUN, FailedRun),
]
Shape = list[tuple[str, str, bool]]


def of_contract(table: Table) -> Shape:
    return [(column.name, column.type.value, column.nullable) for column in table.columns]


def of_model(model: type[models.Model]) -> Shape:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.CompositePrimaryKey)]
    return [(field.column, column_type(field), field.null) for field in fields]


def column_type(field: "models.Field[Any, Any]") -> str:
    """Return the type of the column; for a foreign key, of the column it points to."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return str(target.db_type(connection))


def of_database(table: str) -> Shape:
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name, data_type, is_nullable = 'YES' from information_schema.columns"
            " where table_schema = current_schema() and table_name = %s order by ordinal_position",
            [table],
        )
        return list(cursor.fetchall())


@pytest.mark.parametrize(("table", "model"), PAIRS, ids=lambda each: getattr(each, "name", ""))
def test_models_equal_the_contract(table: Table, model: type[models.Model]) -> None:
    assert model._meta.db_table == table.name
    assert of_model(model) == of_contract(table)


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "model"), PAIRS, ids=lambda each: getattr(each, "name", ""))
def test_the_database_equals_the_contract(table: Table, model: type[models.Model]) -> None:
    assert of_database(table.name) == of_contract(table)


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "model"), PAIRS, ids=lambda each: getattr(each, "name", ""))
def test_the_primary_key_equals_the_contract(table: Table, model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        assert tuple(connection.introspection.get_primary_key_columns(cursor, table.name) or ()) == table.key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("view", "name"),
    [(CurrentCustomer, CURRENT_CUSTOMER_VIEW), (PseudonymousCustomer, PSEUDONYMOUS_CUSTOMER_VIEW)],
)
def test_the_views_have_the_columns_of_a_customer(view: type[models.Model], name: str) -> None:
    # Postgres calls every column of a view nullable.
    expected = [(name, kind, True) for name, kind, _ in of_contract(CUSTOMER_SNAPSHOT)]
    assert view._meta.db_table == name
    assert of_database(name) == expected
    assert [shape[:2] for shape in of_model(view)] == [shape[:2] for shape in expected]


@pytest.mark.django_db
def test_customers_are_partitioned_by_snapshot_and_sorted_bytewise() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_partkeydef('customer_snapshot'::regclass)")
        assert cursor.fetchone() == ("LIST (snapshot_id)",)
        cursor.execute(
            "select collation_name from information_schema.columns"
            " where table_name = 'customer_snapshot' and column_name = 'customer_number'"
        )
        assert cursor.fetchone() == ("C",)


@pytest.mark.django_db
def test_the_parent_declares_the_order_of_lists_by_risk() -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, CUSTOMER_SNAPSHOT.name)
    declared = [tuple(each["columns"]) for each in constraints.values() if each["index"] and not each["primary_key"]]
    assert set(declared) == {
        ("churn_probability", "customer_number"),
        (None, "churn_probability", "customer_number"),  # the region, an expression
        ("level", "churn_probability", "customer_number"),
        ("location", "churn_probability", "customer_number"),
        ("last_seen_at", "customer_number"),
        ("name_key", "customer_number"),
        ("last_name_key", "name_key", "customer_number"),
        (),  # expressions alone: the key of the number, the words of the name
        ("pseudonym",),
    }
    assert constraints["customer_snapshot_risk"]["orders"] == ["DESC", "ASC"]
