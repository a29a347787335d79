"""Brute force against one account, and from one address against many."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from webportal.accounts import authentication
from webportal.accounts.authentication import unlock
from webportal.accounts.models import User
from webportal.accounts.services import link_for_new_password
from webportal.audit.models import AuditEvent, Kind

RIGHT = "correct horse"


def attempt(client: Client, name: str, password: str, address: str = "10.1.2.3") -> int:
    return client.post("/login/", {"login": name, "password": password}, REMOTE_ADDR=address).status_code


def fail(client: Client, name: str, times: int, address: str = "10.1.2.3") -> list[int]:
    return [attempt(client, name, f"wrong {number}", address) for number in range(times)]


def test_an_account_is_locked_after_five_failures_even_for_the_right_password(agent: User, client: Client) -> None:
    assert fail(client, "agent", 5) == [200, 200, 200, 200, 429]
    assert attempt(client, "agent", RIGHT) == 429


def test_its_owner_gets_in_from_elsewhere(agent: User, client: Client) -> None:
    fail(client, "agent", 20)
    assert attempt(Client(), "agent", RIGHT, "10.9.9.9") == 302


def addresses(count: int) -> list[str]:
    return [f"198.51.100.{number}" for number in range(count)]


@pytest.mark.parametrize("name", ["agent", "nobody"])
def test_guesses_from_everywhere_close_a_name_to_strangers(agent: User, name: str) -> None:
    limit = settings.AXES_NAME_FAILURE_LIMIT
    statuses = [attempt(Client(), name, "wrong", address) for address in addresses(limit)]
    assert statuses == [200] * (limit - 1) + [429]
    assert attempt(Client(), name, RIGHT, "203.0.113.1") == 429


def test_nobody_keeps_the_only_administrator_out(administrator: User) -> None:
    home = "2001:db8:1:2::10"
    assert attempt(Client(), "admin", "battery staple", home) == 302
    for address in addresses(40):
        fail(Client(), "admin", 2, address)
    assert attempt(Client(), "admin", "battery staple", "203.0.113.1") == 429
    assert attempt(Client(), "admin", "battery staple", "2001:db8:1:2::99") == 302  # the same network
    assert attempt(Client(), "admin", "battery staple", "2001:db8:1:3::10") == 429


def test_an_address_of_long_ago_is_a_strangers(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt(Client(), "admin", "battery staple", "10.0.0.5")
    for address in addresses(40):
        fail(Client(), "admin", 1, address)
    monkeypatch.setattr(authentication, "KNOWN_DAYS", 0)
    assert attempt(Client(), "admin", "battery staple", "10.0.0.5") == 429


def test_a_link_for_a_new_password_lets_in_whatever_is_locked(administrator: User) -> None:
    for address in addresses(40):
        fail(Client(), "admin", 5, address)
    browser = Client(REMOTE_ADDR="198.51.100.1")
    form = browser.get(link_for_new_password(username="admin"), follow=True).request["PATH_INFO"]
    chosen = {"password1": "a long way to the sea", "password2": "a long way to the sea"}
    assert browser.post(form, chosen).headers["Location"] == "/"
    assert browser.get("/admin/").status_code == 200


def test_a_good_login_gives_strangers_no_fresh_guesses(agent: User) -> None:
    fail(Client(), "agent", 4, "198.51.100.1")
    assert attempt(Client(), "agent", RIGHT, "10.0.0.5") == 302
    assert fail(Client(), "agent", 1, "198.51.100.1") == [429]


def test_addresses_of_one_network_of_ipv6_count_as_one(agent: User) -> None:
    statuses = [fail(Client(), "agent", 1, f"2001:db8:1:2::{number}")[0] for number in range(1, 6)]
    assert statuses == [200] * 4 + [429]


@pytest.mark.parametrize("entry", ["198.51.100.6:41234", "[2001:db8::7]:443", "unknown"])
def test_entries_of_proxies_with_a_port_are_told_apart(agent: User, settings: Settings, entry: str) -> None:
    settings.PROXIES_IN_FRONT = 1
    for number in range(55):
        fields = {"login": f"nobody{number}", "password": "wrong"}
        Client().post("/login/", fields, headers={"X-Forwarded-For": entry})
    right = {"login": "agent", "password": RIGHT}
    assert Client().post("/login/", right, headers={"X-Forwarded-For": "203.0.113.9:55555"}).status_code == 302
    assert str(AuditEvent.objects.get(kind=Kind.LOGIN).address) == "203.0.113.9"


def test_who_has_no_address_gets_in(agent: User, settings: Settings) -> None:
    settings.PROXIES_IN_FRONT = 1
    right = {"login": "agent", "password": RIGHT}
    assert Client().post("/login/", right, headers={"X-Forwarded-For": "unknown"}).status_code == 302


def test_an_account_that_does_not_exist_is_locked_in_the_same_way(db: None, client: Client) -> None:
    assert fail(client, "nobody", 5) == [200, 200, 200, 200, 429]


def test_both_are_told_the_same(agent: User) -> None:
    pages = []
    for name in ("agent", "nobody"):
        fail(Client(), name, 5)
        response = Client().post("/login/", {"login": name, "password": RIGHT}, REMOTE_ADDR="10.1.2.3")
        pages.append((response.status_code, response.content))
    assert pages[0] == pages[1]


def test_others_behind_the_same_address_get_in(agent: User, administrator: User, client: Client) -> None:
    fail(client, "agent", 5)
    assert attempt(Client(), "admin", "battery staple") == 302


def test_an_address_that_tries_many_accounts_is_locked(agent: User) -> None:
    limit = settings.AXES_ADDRESS_FAILURE_LIMIT
    statuses = [attempt(Client(), f"user{number}", "wrong") for number in range(limit)]
    assert statuses == [200] * (limit - 1) + [429]
    assert attempt(Client(), "agent", RIGHT) == 429
    assert attempt(Client(), "agent", RIGHT, "10.9.9.9") == 302


def test_a_good_login_forgives_the_account_but_not_its_address(agent: User) -> None:
    fail(Client(), "somebody", 3)
    fail(Client(), "agent", 3)
    assert attempt(Client(), "agent", RIGHT) == 302
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["somebody"]


def test_the_lockout_ends_after_a_quarter_of_an_hour(agent: User, client: Client) -> None:
    fail(client, "agent", 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert attempt(client, "agent", RIGHT) == 302


def test_an_administrator_can_end_it_at_once(agent: User, client: Client) -> None:
    fail(client, "agent", 5)
    unlock(agent)
    assert attempt(client, "agent", RIGHT) == 302


@pytest.mark.usefixtures("agent")
def test_what_is_kept_of_an_attempt_holds_no_password(client: Client) -> None:
    client.post("/login/", {"login": "agent", "password": "a-very-secret-one"})
    kept = AccessAttempt.objects.get()
    assert "a-very-secret-one" not in f"{kept.post_data} {kept.get_data}"
