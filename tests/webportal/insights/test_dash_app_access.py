import pytest
from django.test import Client

from webportal.customers.models import Snapshot
from webportal.insights.dash_app import dash_patterns


def test_an_invented_chart_is_no_such_page(desk: Client, snapshot: Snapshot) -> None:
    response = desk.get("/charts/app/invented/")
    assert response.status_code == 404
    assert "No such page" in response.content.decode()


def test_addresses_that_write_or_that_nobody_needs_are_left_out() -> None:
    names = {pattern.name for pattern in dash_patterns()}
    assert "app-main" in names
    assert names.isdisjoint({"add_stateless_apps", "main", "update-component", "app-routes", "app-main--args"})


@pytest.mark.parametrize(
    ("method", "address"), [("post", ""), ("get", "_dash-update-component"), ("delete", "_dash-layout")]
)
def test_an_address_is_asked_in_its_own_way(desk: Client, snapshot: Snapshot, method: str, address: str) -> None:
    assert getattr(desk, method)(f"/charts/app/listening/{address}").status_code == 405
