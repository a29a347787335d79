import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.webportal.publishing import AS_OF, Row
from webportal.customers.models import Snapshot

Ask = Callable[..., Any]


def numbers(body: dict[str, Any]) -> list[str]:
    return [customer["customer_number"] for customer in body["customers"]]


def every_page(ask: Ask, **parameters: object) -> list[str]:
    """Return the numbers of all pages, one after the other."""
    body = ask("customers/", **parameters).json()
    found = numbers(body)
    while body["next"]:
        body = ask("customers/", **parameters, after=body["next"]).json()
        found += numbers(body)
    return found


def test_tells_one_customer_with_its_snapshot(ask: Ask, customers: list[Row], snapshot: Snapshot) -> None:
    body = ask("customers/300001/").json()
    assert body["snapshot"]["snapshot_id"] == snapshot.pk
    assert body["snapshot"]["as_of_date"] == AS_OF.isoformat()
    assert body["snapshot"]["model_version"] == "2018-12-01.1"
    assert body["customer"]["churn_probability"] == customers[0]["churn_probability"]
    assert body["customer"]["risk_band"] == customers[0]["risk_band"]
    assert set(body["customer"]) == set(customers[0]) - {"pseudonym"}


def test_tells_the_snapshot_and_no_run(ask: Ask, snapshot: Snapshot) -> None:
    body = ask("snapshot/").json()
    assert body["customer_rows"] == 300
    assert body["horizon_days"] == 14
    assert "dagster_run_id" not in body


@pytest.mark.parametrize("limit", [7, 50, 200])
def test_pages_hold_each_customer_once_in_order(ask: Ask, customers: list[Row], snapshot: Snapshot, limit: int) -> None:
    assert every_page(ask, limit=limit) == sorted(row["customer_number"] for row in customers)


@pytest.mark.parametrize("limit", [7, 200])
def test_pages_by_risk_go_down_and_end_with_the_unscored(
    ask: Ask, customers: list[Row], snapshot: Snapshot, limit: int
) -> None:
    def place(row: Row) -> tuple[float, str]:
        probability = row["churn_probability"]
        return (1.0 if probability is None else -probability, row["customer_number"])

    wanted = [row["customer_number"] for row in sorted(customers, key=place)]
    assert every_page(ask, limit=limit, order="risk") == wanted


def test_filters_narrow_down(ask: Ask, customers: list[Row], snapshot: Snapshot) -> None:
    found = every_page(ask, band="high", level="paid", number_prefix="3000", limit=200)
    assert found == [
        row["customer_number"]
        for row in customers
        if (row["risk_band"], row["level"]) == ("high", "paid") and row["customer_number"].startswith("3000")
    ]
    assert found


def test_a_page_takes_ten_statements_and_no_count(
    ask: Ask, snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask("customers/", order="risk")  # notes the token's use, and opens the windows of the limits
    with django_assert_num_queries(10) as asked:  # two counters, token, owner, bound (3), snapshot, the page, audit
        ask("customers/", order="risk", limit=200, band="low")
    statements = " ".join(query["sql"].lower() for query in asked.captured_queries)
    assert "count(*)" not in statements
    assert " offset " not in statements


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "9" * 5_000}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"limit": "1.5"}, "limit"),
        ({"band": "enormous"}, "band"),
        ({"band": ""}, "band"),
        ({"level": "x" * 65}, "level"),
        ({"order": "name"}, "order"),
        ({"number_prefix": "a\tb"}, "number_prefix"),
        ({"number_prefix": "1" * 129}, "number_prefix"),
        ({"number_prefix": "\0"}, "number_prefix"),
        ({"number_prefix": ""}, "number_prefix"),
        ({"after": "invented"}, "after"),
        ({"page": "2"}, "page"),
        ({"offset": "10"}, "offset"),
    ],
)
def test_a_wrong_parameter_is_named(ask: Ask, snapshot: Snapshot, parameters: dict[str, str], field: str) -> None:
    response = ask("customers/", **parameters)
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [field]
    assert response.headers["Content-Type"] == "application/json"


def test_all_wrong_parameters_are_named_at_once(ask: Ask, snapshot: Snapshot) -> None:
    error = ask("customers/", limit="0", band="x", level="y" * 65).json()["error"]
    assert (error["code"], set(error["fields"])) == ("invalid", {"limit", "band", "level"})


@pytest.mark.parametrize("path", ["customers/", "customers/1/", "snapshot/"])
def test_before_the_first_publish_there_is_nothing(ask: Ask, path: str) -> None:
    response = ask(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "no_snapshot"


@pytest.mark.parametrize("number", ["1", "30000", "a%20b", "3" * 100])
def test_no_other_number_finds_a_customer(ask: Ask, snapshot: Snapshot, number: str) -> None:
    response = ask(f"customers/{number}/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no_customer")


@pytest.mark.parametrize("path", ["nothing", "customers", "../v2/"])
def test_an_address_that_is_none_answers_in_json(ask: Ask, path: str) -> None:
    response = ask(path)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_a_page_stays_in_its_snapshot_until_that_is_dropped(ask: Ask, snapshot: Snapshot) -> None:
    after = ask("customers/", limit=5).json()["next"]
    Snapshot.objects.filter(pk=snapshot.pk).update(snapshot_id=snapshot.pk)
    assert ask("customers/", after=after).json()["snapshot_id"] == snapshot.pk


def test_describes_itself(ask: Ask, snapshot: Snapshot) -> None:
    document = ask("schema/").json()
    assert document["openapi"].startswith("3.")
    assert set(document["paths"]) == {
        "/api/v1/customers/",
        "/api/v1/customers/{number}/",
        "/api/v1/customers/{number}/card/",
        "/api/v1/customers/{number}/contacts/",
        "/api/v1/customers/{number}/history/",
        "/api/v1/snapshot/",
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"token": []}]
    assert json.dumps(document).count("help") == 0


def test_people_read_the_reference_without_a_script(desk: Client, snapshot: Snapshot) -> None:
    page = desk.get("/api/v1/docs/").content.decode()
    wanted = ["GET /api/v1/customers/", "number_prefix", "customers.churn_probability", "high or medium or low"]
    wanted += ["Body, as JSON", "Idempotency-Key", "kept or will leave or left or wrong alarm or not reached"]
    for words in wanted:
        assert words in page
    assert desk.get("/api/v1/schema/").status_code == 200
