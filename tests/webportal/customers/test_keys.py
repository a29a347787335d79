import pytest
from django.db import connection
from hypothesis import given, settings

from tests.webportal.customers.test_numbers import PRINTABLE, awkward, numbers
from webportal.customers.keys import NumberKey, number_key
from webportal.customers.models import CustomerSnapshot

pytestmark = pytest.mark.django_db


def keys_in_the_database(written: list[str]) -> list[str]:
    sql, _ = CustomerSnapshot.objects.annotate(key=NumberKey("customer_number")).values("key").query.sql_with_params()
    expression = sql.split("SELECT ")[1].split(" AS ")[0].replace('"customer_snapshot"."customer_number"', "number")
    given = '(select number collate "C" as number, place from unnest(%s::text[]) with ordinality _ (number, place)) _'
    with connection.cursor() as cursor:
        cursor.execute(f"select {expression} from {given} order by place", [written])  # noqa: S608 - our own text
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.parametrize("number", ["300001", "007", "0", "AbC-01", "00xY", "Üser7"])
def test_python_and_database_agree(number: str) -> None:
    assert keys_in_the_database([number]) == [number_key(number)]


def test_they_agree_on_every_printable_sign() -> None:
    written = [f"0{sign}0" for sign in PRINTABLE]
    assert keys_in_the_database(written) == [number_key(number) for number in written]


@settings(max_examples=30, deadline=None)  # each asks the database
@given(numbers | awkward)
def test_they_agree_on_any_number(number: str) -> None:
    assert keys_in_the_database([number]) == [number_key(number)]
