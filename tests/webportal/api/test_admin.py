import re

import pytest
from django.test import Client

from webportal.accounts.models import User
from webportal.api.models import ApiToken
from webportal.api.tokens import NewToken, find_live_token

LIST, ADD = "/admin/api/apitoken/", "/admin/api/apitoken/add/"


@pytest.fixture
def office(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def test_a_new_token_is_shown_once_and_works(office: Client, agent: User) -> None:
    response = office.post(ADD, {"owner": agent.pk, "name": "CRM", "days": "30"})
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    text = re.findall(r"encore_[0-9a-f]{8}_[\w-]{43}", response.content.decode())
    assert len(text) == 1
    token = find_live_token(text[0])
    assert token is not None
    assert token.owner == agent
    assert 29 <= (token.expires_at - token.created_at).days <= 30
    assert text[0] not in str(office.cookies)
    for path in (LIST, f"{LIST}{token.pk}/change/"):
        assert text[0] not in office.get(path).content.decode()
    assert token.prefix in office.get(LIST).content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("days", ["0", "366", "", "soon"])
def test_a_life_must_be_said_and_bounded(office: Client, agent: User, days: str) -> None:
    page = office.post(ADD, {"owner": agent.pk, "name": "CRM", "days": days}).content.decode()
    assert "errorlist" in page
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_from_the_list(office: Client, token: NewToken) -> None:
    chosen = {"action": "revoke", "_selected_action": token.token.pk}
    assert "locked out at once" in office.post(LIST, chosen).content.decode()
    assert find_live_token(token.text) == token.token
    page = office.post(LIST, {**chosen, "confirmed": "yes"}, follow=True).content.decode()
    assert "1 token was revoked." in page
    assert ">revoked<" in page
    assert find_live_token(token.text) is None


def test_no_token_is_changed(office: Client, token: NewToken) -> None:
    before = ApiToken.objects.values().get()
    assert office.post(f"{LIST}{token.token.pk}/change/", {"owner": 1, "name": "mine", "days": 9}).status_code == 403
    assert ApiToken.objects.values().get() == before


def test_agents_have_no_business_here(desk: Client, token: NewToken) -> None:
    for path in (LIST, ADD, f"{LIST}{token.token.pk}/change/", f"{LIST}{token.token.pk}/delete/"):
        assert desk.get(path, follow=True).status_code == 403
