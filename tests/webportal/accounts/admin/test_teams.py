"""Teams in the admin: whoever comes onto a list, leaves it or is shown by it is a subject of the audit."""

from typing import Any

import pytest
from django.test import Client

from webportal.accounts.models import Team
from webportal.accounts.services import set_listed_customers
from webportal.audit.models import AuditEvent, Kind

LIST = "/admin/accounts/team/"


@pytest.fixture
def listing(team: Team) -> Team:
    """A team with two customers on its list; the audit begins afterwards."""
    set_listed_customers(team=team, numbers=["300007", "300008"])
    return team


def last_change(kind: Kind = Kind.CHANGED) -> dict[str, Any]:
    return AuditEvent.objects.filter(kind=kind, subjects__len__gt=0).values("actor", "subjects", "details").latest("id")


def save(office: Client, team: Team, *numbers: str) -> None:
    sent = {"name": team.name, "by_list": "on", "listed": "\n".join(numbers)}
    assert office.post(f"{LIST}{team.pk}/change/", sent).status_code == 302


def test_a_changed_list_names_who_came_and_who_went(office: Client, listing: Team) -> None:
    save(office, listing, "300008", "300009")
    event = last_change()
    assert (event["actor"], sorted(event["subjects"])) == ("admin", ["300007", "300009"])
    assert event["details"]["listed"] == {"added": ["300009"], "removed": ["300007"]}
    count = AuditEvent.objects.exclude(subjects=[]).count()
    save(office, listing, "300009", "300008")  # the same customers in another order
    assert AuditEvent.objects.exclude(subjects=[]).count() == count


def test_a_new_team_names_its_customers(office: Client, db: None) -> None:
    assert office.post(f"{LIST}add/", {"name": "North", "by_list": "on", "listed": "300007\n300008"}).status_code == 302
    event = last_change()
    assert (event["actor"], event["subjects"], event["details"]["name"]) == ("admin", ["300007", "300008"], "North")


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_deleted_team_names_its_customers(office: Client, listing: Team, in_bulk: bool) -> None:
    path = LIST if in_bulk else f"{LIST}{listing.pk}/delete/"
    chosen = {"action": "delete_selected", "_selected_action": listing.pk} if in_bulk else {}
    assert office.post(path, {**chosen, "post": "yes"}).status_code == 302
    assert not Team.objects.exists()
    event = last_change()
    assert (event["actor"], event["subjects"]) == ("admin", ["300007", "300008"])
    assert event["details"]["listed"] == {"added": [], "removed": ["300007", "300008"]}


@pytest.mark.parametrize("in_bulk", [False, True])
def test_the_page_before_a_deletion_names_whom_it_shows(office: Client, listing: Team, in_bulk: bool) -> None:
    if in_bulk:
        page = office.post(LIST, {"action": "delete_selected", "_selected_action": listing.pk})
    else:
        page = office.get(f"{LIST}{listing.pk}/delete/")
    text = page.content.decode()
    assert "Are you sure" in text
    assert "300007" in text
    assert last_change(Kind.SEARCHED)["subjects"] == ["300007", "300008"]
    assert Team.objects.filter(pk=listing.pk).exists()
