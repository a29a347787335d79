import pytest
from django.db import connection

from webportal.customers.keys import NumberKey, number_key
from webportal.customers.models import CustomerSnapshot

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["300001", "007", "0", "AbC-01", "00xY"])
def test_python_and_database_agree(number: str) -> None:
    sql, _ = CustomerSnapshot.objects.annotate(key=NumberKey("customer_number")).values("key").query.sql_with_params()
    expression = sql.split("SELECT ")[1].split(" AS ")[0].replace('"customer_snapshot"."customer_number"', "%s")
    with connection.cursor() as cursor:
        cursor.execute(f"select {expression}", [number])
        assert cursor.fetchone() == (number_key(number),)
