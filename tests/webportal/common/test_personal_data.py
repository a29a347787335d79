"""Every table with customer numbers is exported and erased by the handler of its app."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.common.personal_data import handlers, identifiers_of, register
from webportal.privacy.services import erase, everything_about

COLUMNS = {"customer_number", "subjects"}
"""Columns that hold customer numbers."""


def _holders() -> list[type[Model]]:
    """Return the models of tables, not of views, with customer numbers."""
    models = [model for model in apps.get_models() if COLUMNS & {field.name for field in model._meta.concrete_fields}]
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relkind = 'v'")
        views = {name for (name,) in cursor.fetchall()}
    return [model for model in models if model._meta.db_table not in views]


@pytest.mark.django_db
def test_each_model_with_customer_numbers_has_a_handler() -> None:
    holders = _holders()
    assert {model._meta.label for model in holders} >= {"customers.CustomerSnapshot", "desk.Note", "audit.AuditEvent"}
    assert {model._meta.app_label for model in holders} == set(handlers())


@pytest.mark.django_db
def test_export_and_erasure_reach_each_table() -> None:
    tables = [f'"{model._meta.db_table}"' for model in _holders()]
    with CaptureQueriesContext(connection) as export:
        everything_about("7")
    with CaptureQueriesContext(connection) as erasure:
        erase(number="7", reason="asked", by="admin")
    for queries in (export, erasure):
        statements = " ".join(query["sql"] for query in queries.captured_queries)
        assert [table for table in tables if table not in statements] == []


@pytest.mark.django_db
def test_identifiers_are_the_number_and_its_pseudonym_before_and_after_an_erasure() -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("7")])
    assert identifiers_of("7") == ["7", pseudonym_of("7")]
    erase(number="7", reason="asked", by="admin")
    assert identifiers_of("7") == ["7", pseudonym_of("7")]
    assert identifiers_of("8") == ["8"]


def test_an_app_registers_once() -> None:
    with pytest.raises(ValueError, match="desk"):
        register("desk", lambda subject: {})
