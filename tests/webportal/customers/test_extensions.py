"""Other apps add panels and filters to the pages of customers."""

import pytest
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.test import Client, RequestFactory

from tests.webportal.publishing import customer, publish
from webportal.customers import extensions
from webportal.customers.extensions import FilterField, Slot, register_filter, register_panel, with_panels


def test_a_panel_loads_its_variables_from_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "_panels", {slot: [] for slot in Slot})
    register_panel(
        Slot.LIST_HEAD, "one.html", lambda request, page: {"typed": request.GET["q"], "twice": page["n"] * 2}
    )
    register_panel(Slot.CUSTOMER_SIDE, "other.html", lambda request, page: {"unasked": True})
    request: HttpRequest = RequestFactory().get("/?q=x")
    loaded = with_panels(request, {"n": 2}, Slot.LIST_HEAD)
    assert loaded == {"n": 2, "typed": "x", "twice": 4, "panels": {"list_head": ["one.html"]}}


def test_a_registered_filter_narrows_the_list(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("71"), customer("72")])
    monkeypatch.setattr(extensions, "_filters", [])
    page = desk.get("/customers/?contacted=yes").content.decode()
    assert "/customers/71/" in page
    assert "/customers/72/" in page
    register_filter(FilterField("contacted", lambda value, snapshot, viewer: Q(customer_number="72")))
    page = desk.get("/customers/?contacted=yes").content.decode()
    assert "/customers/71/" not in page
    assert "/customers/72/" in page
    assert "/customers/71/" in desk.get("/customers/").content.decode()
