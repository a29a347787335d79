"""The export of a list: who may, what for, how often, and that the audit names everybody who was in it."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from spark_assets.contracts.explanations import HOLD_OUT_DRAWS
from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import DeskSettings, User
from webportal.accounts.roles import Role
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import who_looked_at
from webportal.customers.listing import rows as exporting
from webportal.customers.models import CurrentSnapshot, CustomerSnapshot, Snapshot

PURPOSE = {"purpose": "calls of the spring campaign"}
NUMBERS = [str(number) for number in range(1, 8)]


@pytest.fixture
def known(db: None) -> Snapshot:
    rows = [customer(number, churn_probability=0.1 * int(number)) for number in NUMBERS[:5]]
    rows += [customer("6", last_name="=1+1", churn_probability=None), customer("7", churn_probability=None)]
    with connection.cursor() as cursor:
        return Snapshot.objects.get(pk=publish(cursor, rows))


@pytest.fixture
def leader(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("leader", role=Role.SUPERVISOR))
    return client


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.post(f"/customers.csv?{query}", PURPOSE)
    assert response.status_code == 200
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined] # a streaming answer
    return list(csv.DictReader(io.StringIO(body)))


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(kind=Kind.EXPORTED).order_by("id"))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("order", ["risk", "seen", "name", "number"])
def test_it_holds_what_the_list_shows_in_its_order_and_runs_nothing(
    leader: Client, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_CHUNK", 2)
    rows = exported(leader, f"sort={order}")
    page = leader.get(f"/customers/?sort={order}")
    assert [row["customer"] for row in rows] == [row.number for row in page.context["rows"]]
    assert sorted(row["customer"] for row in rows) == NUMBERS
    assert not any(row["last name"].startswith("=") for row in rows)


@pytest.mark.usefixtures("known")
def test_everybody_in_it_is_named_with_the_purpose_however_many(
    leader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_CHUNK", 2)
    exported(leader)
    begun, *sent = events()
    assert (begun.details["step"], begun.subjects, begun.actor) == ("begun", [], "leader")
    assert sorted(number for event in sent for number in event.subjects) == NUMBERS
    assert {event.purpose for event in [begun, *sent]} == {PURPOSE["purpose"]}
    assert all(who_looked_at(number).filter(kind=Kind.EXPORTED).count() == 1 for number in NUMBERS)


def test_above_five_thousand_everybody_is_named(leader: Client, db: None) -> None:
    numbers = [f"{number:05d}" for number in range(5_500)]
    with connection.cursor() as cursor:
        publish(cursor, [customer(number) for number in numbers])
    assert len(exported(leader)) == len(numbers)
    assert sorted(number for event in events() for number in event.subjects) == numbers


@pytest.mark.usefixtures("known")
def test_who_was_sent_is_named_also_when_the_download_breaks_off(
    leader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_CHUNK", 2)
    response = leader.post("/customers.csv?sort=number", PURPOSE)
    lines: Iterator[bytes] = iter(response.streaming_content)  # type: ignore[attr-defined] # a streaming answer
    assert next(line for line in lines if line.startswith(b"1,"))
    del lines  # nobody reads on
    assert [event.subjects for event in events()] == [[], ["1", "2"]]


@pytest.mark.usefixtures("known")
def test_a_snapshot_that_is_dropped_meanwhile_breaks_it_off(leader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_CHUNK", 2)
    lines = iter(leader.post("/customers.csv", PURPOSE).streaming_content)  # type: ignore[attr-defined] # it streams
    next(lines), next(lines)
    CustomerSnapshot.objects.all().delete()
    CurrentSnapshot.objects.all().delete()
    Snapshot.objects.all().delete()
    with pytest.raises(exporting.SnapshotGoneError):
        list(lines)


@pytest.mark.usefixtures("known")
def test_without_a_purpose_nothing_leaves(leader: Client) -> None:
    assert "Purpose" in leader.get("/customers.csv?band=high").content.decode()
    assert leader.post("/customers.csv", {"purpose": "  "}).status_code == 400
    assert events() == []


@pytest.mark.usefixtures("known")
def test_agents_export_only_where_the_desk_says_so(desk: Client, agent: User) -> None:
    assert desk.post("/customers.csv", PURPOSE).status_code == 403
    assert "/customers.csv" not in desk.get("/customers/").content.decode()
    DeskSettings.objects.create(export_roles=[Role.AGENT])
    assert "/customers.csv" in desk.get("/customers/").content.decode()
    assert len(exported(desk)) == len(NUMBERS)


@pytest.mark.usefixtures("known")
def test_a_role_loses_it_by_the_same_setting(leader: Client) -> None:
    DeskSettings.objects.create(export_roles=[])
    assert leader.get("/customers.csv").status_code == 403


@pytest.mark.usefixtures("known")
def test_so_many_a_day_and_no_more(leader: Client) -> None:
    DeskSettings.objects.create(exports_a_day=2)
    for _ in range(2):
        exported(leader)
    refused = leader.post("/customers.csv", PURPOSE)
    assert refused.status_code == 429
    assert "as many lists as are allowed a day" in refused.content.decode()
    assert len([event for event in events() if event.details["step"] == "begun"]) == 2


@pytest.mark.usefixtures("known")
def test_an_analysts_file_holds_pseudonyms_and_so_does_the_audit(analyst: User, client: Client) -> None:
    client.force_login(analyst)
    rows = exported(client)
    pseudonyms = {pseudonym_of(number) for number in NUMBERS}
    assert {row["customer"] for row in rows} == pseudonyms
    assert not {"first name", "last name", "held out"} & set(rows[0])
    assert "Boston" not in str(rows)
    assert {number for event in events() for number in event.subjects} == pseudonyms
    assert who_looked_at("1").filter(kind=Kind.EXPORTED).count() == 1


def test_it_marks_the_hold_out_group(leader: Client) -> None:
    drawn = {"0": 0, "1": HOLD_OUT_DRAWS - 1, "2": None, "3": 0, "4": 0}
    rows = [customer(number, churn_probability=0.9, hold_out_draw=draw) for number, draw in drawn.items()]
    rows[3] = customer("3", churn_probability=0.01, hold_out_draw=0)
    rows[4]["cancelled_on"] = rows[4]["registered_on"]
    with connection.cursor() as cursor:
        publish(cursor, rows)
    assert {row["customer"]: row["held out"] for row in exported(leader)} == {**dict.fromkeys(drawn, ""), "0": "yes"}
