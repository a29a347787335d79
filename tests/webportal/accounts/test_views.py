"""One's own account: sessions, password, and the link for a forgotten one."""

import re

import pytest
from django.core import mail
from django.test import Client

from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind

OLD, NEW = "correct horse", "hollow crane sings"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


def log_in(agent_string: str, address: str = "10.1.2.3") -> Client:
    client = Client(HTTP_USER_AGENT=agent_string, REMOTE_ADDR=address)
    assert client.post("/login/", {"login": "agent", "password": OLD}).status_code == 302
    return client


@pytest.fixture
def desk_and_phone(agent: User) -> tuple[Client, Client]:
    return log_in(FIREFOX), log_in(PHONE, "2001:db8::7")


def test_sessions_are_listed_coarsely(desk_and_phone: tuple[Client, Client]) -> None:
    page = desk_and_phone[0].get("/account/").content.decode()
    assert "Firefox on Linux" in page
    assert "Chrome on Android" in page
    assert "10.1.x.x" in page
    assert "2001:0db8:…" in page
    assert "10.1.2.3" not in page


def test_one_session_can_be_ended(desk_and_phone: tuple[Client, Client]) -> None:
    desk, phone = desk_and_phone
    (other,) = re.findall(r"/account/sessions/(\d+)/end/", desk.get("/account/").content.decode())
    assert desk.post(f"/account/sessions/{other}/end/").status_code == 302
    assert phone.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200


def test_all_others_can_be_ended(desk_and_phone: tuple[Client, Client]) -> None:
    desk, phone = desk_and_phone
    desk.post("/account/sessions/end-others/")
    assert [client.get("/account/").status_code for client in (desk, phone)] == [200, 302]


def test_nobody_ends_the_sessions_of_another(
    desk_and_phone: tuple[Client, Client], administrator: User, client: Client
) -> None:
    (other,) = re.findall(r"/account/sessions/(\d+)/end/", desk_and_phone[0].get("/account/").content.decode())
    client.force_login(administrator)
    assert client.post(f"/account/sessions/{other}/end/").status_code == 404
    assert desk_and_phone[1].get("/account/").status_code == 200


def test_changing_the_password_ends_the_other_sessions(desk_and_phone: tuple[Client, Client]) -> None:
    desk, phone = desk_and_phone
    sent = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    assert desk.post("/account/password/", sent).status_code == 302
    assert [client.get("/account/").status_code for client in (desk, phone)] == [200, 302]


def test_a_weak_password_is_refused_with_the_reason(desk_and_phone: tuple[Client, Client]) -> None:
    sent = {"oldpassword": OLD, "password1": "passwordpassword", "password2": "passwordpassword"}
    page = desk_and_phone[0].post("/account/password/", sent).content.decode()
    assert "leak most often" in page


def test_a_forgotten_password_is_set_by_a_link_that_works_once(agent: User, client: Client) -> None:
    agent.email = "agent@desk.example"
    agent.save()
    phone = log_in(PHONE)
    assert client.post("/password/", {"email": "agent@desk.example"}).headers["Location"] == "/password/sent/"
    found = re.search(r"http://testserver(/password/\S+)", str(mail.outbox[-1].body))
    assert found
    shown = client.get(found[1], follow=True)
    action = shown.redirect_chain[-1][0]
    assert client.post(action, {"password1": NEW, "password2": NEW}).headers["Location"] == "/"  # and logged in
    agent.refresh_from_db()
    assert agent.check_password(NEW)
    assert phone.get("/account/").status_code == 302
    assert "does not work any more" in Client().get(found[1], follow=True).content.decode()


def test_a_stranger_learns_nothing_about_who_has_an_account(agent: User, client: Client) -> None:
    agent.email = "agent@desk.example"
    agent.save()
    pages = []
    for email in ("agent@desk.example", "nobody@desk.example"):
        response = Client().post("/password/", {"email": email}, follow=True)
        pages.append((response.redirect_chain, response.content))
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["agent@desk.example"]]


def test_single_keys_are_switched_for_oneself_wherever_one_signs_in(
    desk_and_phone: tuple[Client, Client], administrator: User
) -> None:
    desk, phone = desk_and_phone
    assert "encore/keys.js" in phone.get("/account/").content.decode()
    for wanted, on in (("off", False), ("on", True)):
        assert desk.post("/account/keys/", {"single_keys": wanted}).headers["Location"] == "/account/"
        page = phone.get("/account/").content.decode()
        assert ("encore/keys.js" in page) is on
        assert ('class="no-keys"' in page) is not on
        assert list(User.objects.order_by("username").values_list("single_keys", flat=True)) == [True, on]
        changes = AuditEvent.objects.filter(kind=Kind.CHANGED)[0].details["changes"]
        assert changes == {"single_keys": [not on, on]}


@pytest.mark.parametrize("wanted", ["", "maybe"])
def test_single_keys_stay_when_nobody_says_which(desk: Client, wanted: str) -> None:
    assert desk.post("/account/keys/", {"single_keys": wanted}).status_code == 400
    assert User.objects.get().single_keys
