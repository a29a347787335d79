"""Customers of any level are on the worklist, by what the settings say that a level is worth."""

import pytest
from django.db import connection
from django.test import Client

from tests.webportal.desk.conftest import known
from tests.webportal.publishing import publish
from webportal.accounts.models import DeskSettings, User
from webportal.customers.models import Snapshot
from webportal.desk import worklist
from webportal.desk.worklist import suggestions

LEVELS = {"1": "premium", "2": "family", "3": "PAID", "4": "paid", "5": "free", "6": "Free", "7": None, "8": "unknown"}


@pytest.fixture
def of_all_levels(db: None) -> Snapshot:
    rows = [known(number, churn_probability=0.9 - int(number) / 100, level=level) for number, level in LEVELS.items()]
    with connection.cursor() as cursor:
        return Snapshot.objects.get(pk=publish(cursor, rows))


def ranked(viewer: User, snapshot: Snapshot, **settings: object) -> list[str]:
    return [each.number for each in suggestions(viewer, snapshot, DeskSettings(**settings), 25)]


def test_every_level_is_ranked(agent: User, of_all_levels: Snapshot) -> None:
    assert ranked(agent, of_all_levels) == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert ranked(agent, of_all_levels, worth_free=0.0) == ["1", "2", "3", "4"]
    assert ranked(agent, of_all_levels, worth_paid=0.0) == ["5", "6", "7", "8"]


def test_a_level_may_have_a_worth_of_its_own(agent: User, of_all_levels: Snapshot) -> None:
    assert ranked(agent, of_all_levels, worths={"family": 2.5, "premium": 0.0, "unknown": 2.0})[:4] == [
        "2",
        "7",
        "8",
        "3",
    ]
    assert "1" not in ranked(agent, of_all_levels, worths={"premium": 0.0})


def test_rare_levels_share_a_walk(agent: User, of_all_levels: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "MOST_WALKS", 2)
    assert ranked(agent, of_all_levels) == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert ranked(agent, of_all_levels, worth_paid=0.0) == ["5", "6", "7", "8"]
    assert ranked(agent, of_all_levels, worth_free=0.0) == ["1", "2", "3", "4"]


def test_administrators_set_worths_line_by_line(administrator: User, client: Client, db: None) -> None:
    client.force_login(administrator)
    address = "/admin/accounts/desksettings/1/change/"
    page = client.get(address)
    given = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    bad = client.post(address, {**given, "worths": "family 2.5\npremium plus\n", "_confirmed": "1"})
    assert "Line 2 is not of the form" in bad.content.decode()
    client.post(address, {**given, "worths": " family   plan 2.5\n\npremium 0\n", "_confirmed": "1"}, follow=True)
    assert DeskSettings.current().worths == {"family plan": 2.5, "premium": 0}
    shown = client.get(address).content.decode()
    assert "family plan 2.5" in shown
    assert "premium 0" in shown
