"""What machines ask of the portal."""

import json
import logging
import re
from datetime import UTC, datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from webportal.accounts.models import User
from webportal.alerts.models import Channel, Delivery, State
from webportal.customers.models import Snapshot
from webportal.operations.logs import JsonLines, RequestId
from webportal.operations.probes import migrations

TOKEN = "a token of the metrics, long enough"


def test_ready_with_and_without_a_snapshot(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "database": True, "migrations": True, "snapshot": False},
    )


def test_says_when_there_is_a_snapshot(client: Client, snapshot: Snapshot) -> None:
    assert client.get("/readyz").json()["snapshot"] is True


def test_not_ready_without_the_database(client: Client) -> None:
    with patch("webportal.operations.probes.connection.cursor", side_effect=OperationalError):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_not_ready_before_the_migrations(client: Client, db: None) -> None:
    migrations.forget()
    with patch("webportal.operations.probes.MigrationExecutor.migration_plan", return_value=[object()]):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"], answer.json()["migrations"]) == (503, True, False)


@pytest.mark.parametrize("given", ["0123abcd-from-proxy", "A.b_c-12345678"])
def test_a_good_request_id_is_kept(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space in it", 'quote"12345678', "ümlaut-123456"])
def test_another_is_replaced(client: Client, given: str) -> None:
    found = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert (found != given, len(found), found.isalnum()) == (True, 32, True)


def test_the_log_tells_the_route_and_not_the_number(
    desk: Client, snapshot: Snapshot, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "webportal.requests"):
        desk.get("/customers/300001/", headers={"X-Request-ID": "from-the-proxy"})
    (record,) = [each for each in caplog.records if each.name == "webportal.requests"]
    RequestId().filter(record)
    document = json.loads(JsonLines().format(record))
    assert document["route"] == "/customers/<customer:number>/"
    assert (document["method"], document["status"]) == ("GET", 200)
    assert "300001" not in json.dumps(document)
    assert document["queries"] > 0
    assert 0 < document["database_milliseconds"] < document["milliseconds"]


def test_times_go_to_the_browser_only_where_asked_for(desk: Client, snapshot: Snapshot, settings: LazySettings) -> None:
    assert "Server-Timing" not in desk.get("/customers/").headers
    settings.SERVER_TIMING = True
    found = re.fullmatch(r"db;dur=([\d.]+), total;dur=([\d.]+)", desk.get("/customers/").headers["Server-Timing"])
    assert found
    assert 0 < float(found[1]) < float(found[2])


def test_no_figures_without_token_or_address(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures_for_the_token(client: Client, snapshot: Snapshot, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN
    client.get("/healthz")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'encore_portal_requests_total{method="GET",route="healthz",status="200"}' in text
    assert f"encore_snapshot_customers {float(snapshot.customer_rows)}" in text
    (as_of,) = re.findall(r"^encore_snapshot_as_of_timestamp_seconds (.+)$", text, re.MULTILINE)
    assert datetime.fromtimestamp(float(as_of), UTC) == datetime.combine(snapshot.as_of_date, time.min, UTC)
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 404


def test_figures_of_what_waits_to_be_sent(client: Client, agent: User, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = TOKEN

    def figures() -> dict[str, float]:
        text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        return {name: float(value) for name, value in re.findall(r"^(encore_deliveries\S+) (\S+)$", text, re.MULTILINE)}

    assert set(figures().values()) == {0.0}
    assert len(figures()) == 4
    for minutes, state in ((5, State.WAITING), (90, State.WAITING), (200, State.SENT), (300, State.GIVEN_UP)):
        written = timezone.now() - timedelta(minutes=minutes)
        Delivery.objects.create(channel=Channel.MAIL, state=state, created_at=written)
    found = figures()
    assert found['encore_deliveries_waiting{channel="mail"}'] == 2
    assert 5400 <= found['encore_deliveries_oldest_seconds{channel="mail"}'] < 5460
    assert found['encore_deliveries_waiting{channel="webhook"}'] == 0


@pytest.mark.parametrize(("networks", "status"), [(["127.0.0.0/8"], 200), (["10.0.0.0/8"], 404)])
def test_figures_for_an_address(
    client: Client, db: None, settings: LazySettings, networks: list[str], status: int
) -> None:
    settings.METRICS_FROM = networks
    assert client.get("/metrics").status_code == status
