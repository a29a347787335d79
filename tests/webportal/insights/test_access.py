from django.test import Client

from webportal.customers.models import Snapshot
from webportal.insights.access import dash_patterns


def test_an_invented_chart_is_no_such_page(desk: Client, snapshot: Snapshot) -> None:
    response = desk.get("/charts/app/invented/")
    assert response.status_code == 404
    assert "No such page" in response.content.decode()


def test_addresses_that_write_or_that_nobody_needs_are_left_out() -> None:
    names = {pattern.name for pattern in dash_patterns()}
    assert "app-main" in names
    assert names.isdisjoint({"add_stateless_apps", "main", "update-component"})
