"""Nobody guesses their way in, or learns who has an account; lockout itself is tested with the accounts."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.test import Client
from django.utils.http import int_to_base36
from pytest_django import Settings

from webportal.accounts.invitations import invite
from webportal.accounts.models import User
from webportal.accounts.roles import Role

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
NAMES = ("agent", "nobody-of-this-name")


def shown(client: Client, path: str, **fields: str) -> tuple[int, str]:
    """Return what a form answers, without what differs between any two answers."""
    response = client.post(path, fields)
    return response.status_code, TOKEN.sub("", response.content.decode()).replace(NAMES[1], NAMES[0])


def test_a_wrong_password_and_an_unknown_name_are_told_alike(agent: User) -> None:
    answers = {shown(Client(), "/login/", login=name, password="wrong") for name in NAMES}
    assert len(answers) == 1


def test_somebody_who_is_out_is_told_the_same(agent: User) -> None:
    User.objects.create_user("left", password="correct horse", is_active=False)
    status, page = shown(Client(), "/login/", login="left", password="correct horse")
    assert (status, page.replace("left", "agent")) == shown(Client(), "/login/", login="agent", password="wrong")


def test_an_unknown_name_costs_as_much_as_a_wrong_password(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in hashes, since times differ from machine to machine."""
    hasher = get_hasher().__class__
    plain, hashed = hasher.encode, []
    monkeypatch.setattr(hasher, "encode", lambda self, *rest: hashed.append(1) or plain(self, *rest))
    counts = []
    for name in NAMES:
        hashed.clear()
        Client().post("/login/", {"login": name, "password": "wrong"})
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(agent: User) -> None:
    agent.email = "agent@desk.example"
    agent.save()
    answers = [Client().post("/password/", {"email": email}) for email in ("agent@desk.example", "x@desk.example")]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/password/sent/")}
    assert [message.to for message in mail.outbox] == [["agent@desk.example"]]  # and none to the stranger


def test_asking_for_new_passwords_is_slowed_down(agent: User) -> None:
    agent.email = "agent@desk.example"
    agent.save()
    answers = [Client().post("/password/", {"email": "agent@desk.example"}).status_code for _ in range(8)]
    assert answers == [302] * 5 + [429] * 3
    assert [message.to for message in mail.outbox] == [["agent@desk.example"]] * 5


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"])
def test_no_header_gives_an_attacker_another_address(agent: User, settings: Settings, header: str) -> None:
    settings.AXES_ADDRESS_FAILURE_LIMIT = 5
    fields = {"password": "wrong"}
    answers = [
        Client().post("/login/", {"login": f"user{n}", **fields}, headers={header: f"203.0.113.{n}"}).status_code
        for n in range(7)
    ]
    assert answers == [200] * 4 + [429] * 3
    # somebody who is really elsewhere may still try
    assert Client().post("/login/", {"login": "user8", **fields}, REMOTE_ADDR="203.0.113.8").status_code == 200


def opens_a_form(path: str) -> tuple[int, bool]:
    """Return the status of the page that a link leads to, and whether a password can be set there."""
    page = Client(raise_request_exception=False).get(path, follow=True)
    return page.status_code, 'name="password1"' in page.content.decode()


def changed(link: str) -> list[str]:
    """Return a link with each sign of its key changed, one at a time."""
    start = link.rstrip("/").rfind("/") + 1
    places = range(start, len(link) - 1)
    return [link[:place] + ("a" if link[place] != "a" else "b") + link[place + 1 :] for place in places]


def test_no_invented_key_of_a_reset_opens_a_form(agent: User, analyst: User) -> None:
    agent.email = "agent@desk.example"
    agent.save()
    Client().post("/password/", {"email": agent.email})
    link = re.findall(r"https?://[^/]+(/password/\S+/)", str(mail.outbox[0].body))[0]
    assert opens_a_form(link) == (200, True)
    of_another = link.replace("/password/", "").partition("-")[2]
    invented = ["/password/1-abc-def/", f"/password/{agent.pk}-set-password/"]
    borrowed = f"/password/{int_to_base36(analyst.pk)}-{of_another}"
    for path in (*invented, borrowed, *changed(link)):
        assert opens_a_form(path) == (200, False), path


def test_no_invented_key_of_an_invitation_opens_a_form(administrator: User) -> None:
    link = "http://testserver/invitation/{token}/"
    invite(email="new@desk.example", role=Role.AGENT, team=None, invited_by=administrator, link=link)
    path = re.findall(r"http://testserver(/invitation/\S+/)", str(mail.outbox[0].body))[0]
    assert opens_a_form(path) == (200, True)
    for wrong in ("/invitation/invented/", *changed(path)):
        assert opens_a_form(wrong) == (410, False), wrong


def test_a_link_for_a_new_password_works_once_and_ends_with_the_password(agent: User) -> None:
    agent.email = "agent@desk.example"
    agent.save()
    Client().post("/password/", {"email": agent.email})
    link = re.findall(r"https?://[^/]+(/password/\S+/)", str(mail.outbox[0].body))[0]
    browser = Client()
    form = browser.get(link, follow=True)
    assert 'name="password1"' in form.content.decode()
    new = {"password1": "a long way to the sea", "password2": "a long way to the sea"}
    assert browser.post(form.request["PATH_INFO"], new).status_code == 302
    assert 'name="password1"' not in Client().get(link, follow=True).content.decode()


def test_a_link_for_a_new_password_ends_in_an_hour(settings: Settings) -> None:
    assert timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) <= timedelta(hours=1)
