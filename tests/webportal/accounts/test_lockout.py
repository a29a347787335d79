"""Brute force against one account, and from one address against many."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone

from webportal.accounts.lockout import unlock
from webportal.accounts.models import User

RIGHT = "correct horse"


def attempt(client: Client, name: str, password: str, address: str = "10.1.2.3") -> int:
    return client.post("/login/", {"login": name, "password": password}, REMOTE_ADDR=address).status_code


def fail(client: Client, name: str, times: int, address: str = "10.1.2.3") -> list[int]:
    return [attempt(client, name, f"wrong {number}", address) for number in range(times)]


def test_an_account_is_locked_after_five_failures_even_for_the_right_password(agent: User, client: Client) -> None:
    assert fail(client, "agent", 5) == [200, 200, 200, 200, 429]
    assert attempt(client, "agent", RIGHT) == 429
    assert attempt(Client(), "agent", RIGHT, "10.9.9.9") == 429


def test_an_account_that_does_not_exist_is_locked_in_the_same_way(db: None, client: Client) -> None:
    assert fail(client, "nobody", 5) == [200, 200, 200, 200, 429]


def test_both_are_told_the_same(agent: User) -> None:
    pages = []
    for name in ("agent", "nobody"):
        fail(Client(), name, 5)
        response = Client().post("/login/", {"login": name, "password": RIGHT})
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
