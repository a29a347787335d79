import json
import re
from typing import Any

import pytest
from django.test import Client

from webportal.customers.models import Snapshot
from webportal.insights.dash_app import BOTH, CHOICE, GRAPH, MEASURE, NAME

CALLBACK = f"/charts/app/{NAME}/_dash-update-component"
PARTS = ((GRAPH, "figure"), (CHOICE, "options"), (MEASURE, "options"))
OUTPUTS = [{"id": part, "property": what} for part, what in PARTS]


def question(value: str, measure: str = BOTH) -> str:
    """Return what Dash asks when `value` is chosen."""
    body = {
        "output": f"..{GRAPH}.figure...{CHOICE}.options...{MEASURE}.options..",
        "outputs": OUTPUTS,
        "inputs": [
            {"id": CHOICE, "property": "value", "value": value},
            {"id": MEASURE, "property": "value", "value": measure},
        ],
        "changedPropIds": [f"{CHOICE}.value"],
    }
    return json.dumps(body)


def choose(client: Client, value: str, measure: str = BOTH) -> Any:  # noqa: ANN401 - what Dash answers
    response = client.post(CALLBACK, question(value, measure), content_type="application/json")
    assert response.status_code == 200
    return json.loads(response.content)["response"]


@pytest.mark.parametrize("path", ["", "_dash-layout", "_dash-dependencies"])
def test_is_served_to_who_is_signed_in(desk: Client, path: str) -> None:
    assert desk.get(f"/charts/app/{NAME}/{path}").status_code == 200


def test_choosing_a_group_draws_it_from_the_current_snapshot(desk: Client, snapshot: Snapshot) -> None:
    everyone, cancelled = choose(desk, "everyone"), choose(desk, "cancelled")
    assert [trace["name"] for trace in cancelled[GRAPH]["figure"]["data"]] == ["Cancelled"]
    assert len(cancelled[GRAPH]["figure"]["data"][0]["x"]) == snapshot.summary["cancelled"]
    assert len(everyone[GRAPH]["figure"]["data"]) == 4
    values = [option["value"] for option in everyone[CHOICE]["options"]]
    assert values == ["everyone", "high", "medium", "low", "cancelled"]


def test_before_the_first_snapshot_it_is_empty(desk: Client) -> None:
    assert choose(desk, "everyone") == {
        GRAPH: {"figure": {"data": [], "layout": {}}},
        CHOICE: {"options": []},
        MEASURE: {"options": []},
    }


def test_loads_nothing_from_elsewhere(desk: Client) -> None:
    page = desk.get(f"/charts/app/{NAME}/").content.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) > 5
    assert [address for address in loaded if not address.startswith("/") or address.startswith("//")] == []


def test_choosing_a_measure_draws_its_spread(desk: Client, snapshot: Snapshot) -> None:
    spread = choose(desk, "high", "songs_per_day")
    (bars,) = spread[GRAPH]["figure"]["data"]
    assert (bars["type"], sum(bars["y"])) == ("bar", snapshot.summary["bands"]["high"])
    assert [option["value"] for option in spread[MEASURE]["options"]] == ["both", "days_listened", "songs_per_day"]
    assert choose(desk, "high", "nonsense")[GRAPH] == choose(desk, "high")[GRAPH]
