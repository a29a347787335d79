"""What is written down without any view asking for it."""

import pytest
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.test import Client

from webportal.accounts.models import DeskSettings, Invitation, Team, User
from webportal.accounts.services import reset_password, set_listed_customers
from webportal.alerts.models import Webhook
from webportal.api.models import ApiToken
from webportal.audit import receivers
from webportal.audit.models import AuditEvent, Kind
from webportal.saved_filters.models import SavedFilter

pytestmark = pytest.mark.django_db


def last() -> AuditEvent:
    return AuditEvent.objects.latest("id")


@pytest.mark.parametrize("model", [User, Team, DeskSettings, Invitation, ApiToken, Webhook, SavedFilter])
def test_apps_have_their_models_watched(model: type[Model]) -> None:
    ours = {pre_save: receivers._remember, post_save: receivers._saved, post_delete: receivers._deleted}
    for signal, receiver in ours.items():
        assert receiver in signal._live_receivers(model)[0]


def test_logins_and_logouts_with_who_and_where_from(agent: User, client: Client) -> None:
    client.post("/login/", {"login": "agent", "password": "correct horse"}, REMOTE_ADDR="10.1.2.3")
    event = AuditEvent.objects.get(kind=Kind.LOGIN)
    assert (event.actor, event.actor_id, event.address) == ("agent", agent.pk, "10.1.2.3")
    client.post("/logout/")
    assert last().kind == Kind.LOGOUT


def test_failures_name_users_that_exist_and_nothing_else_that_was_typed(agent: User, client: Client) -> None:
    client.post("/login/", {"login": "agent", "password": "wrong"})
    assert (last().kind, last().details["user"]) == (Kind.LOGIN_FAILED, "agent")
    client.post("/login/", {"login": "my-password-by-mistake", "password": "wrong"})
    assert last().details["user"] == "(no such user)"
    assert "my-password-by-mistake" not in str(list(AuditEvent.objects.values()))


def test_lockouts(agent: User, client: Client) -> None:
    for _ in range(5):
        client.post("/login/", {"login": "agent", "password": "wrong"})
    assert AuditEvent.objects.filter(kind=Kind.LOCKED_OUT, details__user="agent").exists()


def test_refusals_with_the_page(desk: Client) -> None:
    desk.get("/admin/", follow=True)
    event = AuditEvent.objects.get(kind=Kind.REFUSED)
    assert (event.actor, event.path, event.details) == ("agent", "/admin/login/", {"method": "GET"})


def test_changes_of_users_with_old_and_new_value(administrator: User, agent: User, client: Client) -> None:
    client.force_login(administrator)
    sent = {"username": "agent", "role": "analyst", "is_active": "on", "first_name": "", "last_name": "", "email": ""}
    answer = client.post(f"/admin/accounts/user/{agent.pk}/change/", sent)
    assert answer.status_code == 302, answer.context["errors"]
    event = AuditEvent.objects.get(kind=Kind.CHANGED)
    assert (event.actor, event.details["name"]) == ("admin", "agent")
    assert event.details["changes"] == {"role": ["agent", "analyst"]}


def test_a_new_password_is_noted_and_never_shown(agent: User) -> None:
    fresh = reset_password(username="agent")
    event = last()
    assert event.details["changes"] == {"password": ["(not shown)", "(not shown)"]}
    assert event.actor == "(command line)"
    assert fresh.password not in str(event.details)
    agent.refresh_from_db()
    assert agent.password not in str(event.details)


def test_changes_of_settings_and_teams(team: Team) -> None:
    desk = DeskSettings.current()
    desk.save()
    desk.hold_out_percent = 25
    desk.save()
    assert last().details["changes"] == {"hold_out_percent": [10, 25]}
    team.levels = ["paid"]
    team.save()
    assert last().details["changes"] == {"levels": [[], ["paid"]]}
    team.delete()
    assert (last().kind, last().details["name"]) == (Kind.DELETED, "Second line")


def test_who_comes_onto_the_list_of_a_team(team: Team) -> None:
    set_listed_customers(team=team, numbers=["7", "8"])
    set_listed_customers(team=team, numbers=["8", "9"])
    assert last().details["listed"] == {"added": ["9"], "removed": ["7"]}
    count = AuditEvent.objects.count()
    set_listed_customers(team=team, numbers=["9", "8"])
    assert AuditEvent.objects.count() == count


def test_nothing_is_written_where_nothing_changed(agent: User) -> None:
    count = AuditEvent.objects.count()
    agent.save()
    assert AuditEvent.objects.count() == count
