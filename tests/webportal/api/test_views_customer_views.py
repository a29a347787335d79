"""What the API says of one customer: why, what changed, when not to trust it, and how it went."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.webportal.publishing import customer, pseudonym_of, publish
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.api.tokens import NewToken
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot

Ask = Callable[..., Any]


@pytest.fixture
def three(db: None) -> list[int]:
    """Three kept snapshots; the customer 7 pays from the second on, and another model scored the last."""
    days = (date(2018, 11, 17), date(2018, 11, 24), date(2018, 12, 1))
    rows = (("free", 0.05), ("paid", 0.15), ("paid", 0.4))
    with connection.cursor() as cursor:
        return [
            publish(
                cursor,
                [customer("7", level=level, churn_probability=p), customer("8")],
                as_of_date=day,
                model_version=f"m{day.month}",
            )
            for day, (level, p) in zip(days, rows, strict=True)
        ]


def test_says_why_what_changed_and_when_not_to_trust_it(ask: Ask, db: None) -> None:
    with connection.cursor() as cursor:
        doubts = '[{"c": "new", "s": "Registered 3 days ago."}]'
        publish(cursor, [customer("7", churn_probability=0.2, doubts=doubts)])
    body = ask("customers/7/").json()
    first = body["explanation"]["reasons"][0]
    assert (first["topic"], first["raises"]) == ("Adverts", True)
    assert first["sentence"] == "12 adverts in the last 7 days, more than usual; typical is 4"
    assert first["points"] > 0
    assert len(body["explanation"]["reasons"]) == 5
    assert body["change"]["since"] == "2018-11-24"
    assert body["change"]["was_percent"] == pytest.approx(21.4)
    assert body["change"]["difference"] == pytest.approx(-1.4)
    assert [move["up"] for move in body["change"]["moved"]] == [True, False]
    assert body["doubts"][0] == {"title": "Too new", "text": "Registered 3 days ago."}
    told = body["of_a_hundred"]
    assert (told["left"], told["low"], told["high"]) == (17, 12, 25)
    assert (told["leavers"], told["examples"], told["fit"]) == (43, 246, "within")


def test_says_nothing_of_a_score_that_is_not_there(ask: Ask, unscored_snapshot: Snapshot) -> None:
    body = ask("customers/300001/").json()
    assert (body["explanation"], body["change"], body["doubts"], body["of_a_hundred"]) == (None, None, [], None)


def test_tells_the_scores_of_all_kept_snapshots_the_newest_first(ask: Ask, three: list[int]) -> None:
    body = ask("customers/7/history/").json()
    assert body["customer_number"] == "7"
    assert [each["snapshot_id"] for each in body["history"]] == list(reversed(three))
    assert [each["churn_probability"] for each in body["history"]] == [0.4, 0.15, 0.05]
    assert [each["risk_band"] for each in body["history"]] == ["high", "medium", "low"]
    assert [each["model_version"] for each in body["history"]] == ["m12", "m11", "m11"]
    event = AuditEvent.objects.get(kind=Kind.VIEWED)
    assert event.subjects == ["7"]
    assert "token" in event.details


def test_history_is_of_the_team_as_well(ask: Ask, agent: User, three: list[int]) -> None:
    agent.team = Team.objects.create(name="paying", levels=["paid"])
    agent.save()
    assert len(ask("customers/7/history/").json()["history"]) == 2
    Team.objects.update(levels=["free"])
    assert ask("customers/7/history/").status_code == 404


def test_an_analyst_asks_for_history_by_pseudonym(ask: Ask, agent: User, three: list[int]) -> None:
    User.objects.update(role=Role.ANALYST)
    body = ask(f"customers/{pseudonym_of('7')}/history/").json()
    assert len(body["history"]) == 3
    assert ask("customers/7/history/").status_code == 404


def test_history_takes_one_statement_whatever_is_kept(
    ask: Ask, three: list[int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask("customers/7/history/")
    with django_assert_num_queries(9):  # two counters, token, owner, snapshot, customer, audit, kept snapshots, scores
        ask("customers/7/history/")


def test_before_the_first_publish_there_is_no_history(ask: Ask) -> None:
    response = ask("customers/7/history/")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no_snapshot")


def test_a_card_expires_when_it_says(token: NewToken, three: list[int], settings: Settings) -> None:
    settings.CARD_LIFE_SECONDS = 120
    program = Client(headers={"Authorization": f"Bearer {token.text}"})
    body = program.post("/api/v1/customers/7/card/").json()
    assert 100 < (datetime.fromisoformat(body["expires_at"]) - timezone.now()).total_seconds() <= 120
