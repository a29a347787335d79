"""Whoever fills the store of the limits gains no guess: nothing in it goes before its time."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.webportal.accounts.second_factor import LOGIN, code_for, set_up
from webportal.accounts.models import User

ROWS = 2_000
BEFORE_ALL, AFTER_ALL = "!", "~"
"""Keys before and after those of the limits in the order in which Django's own cache culls."""


def fill() -> None:
    for number in range(ROWS // 2):
        cache.set(f"{BEFORE_ALL}{number}", number, 600)
        cache.set(f"{AFTER_ALL}{number}", number, 600)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from portal_cache")
        return int(cursor.fetchall()[0][0])


@pytest.fixture
def secret(agent: User, client: Client) -> str:
    return set_up(client)


def test_djangos_own_cache_would_have_forgotten(db: None) -> None:
    """The attack works against what stood here before: else this file could not fail."""
    evicting = DatabaseCache("portal_cache", {})
    evicting.set("allauth:rl", 10, 600)
    for number in range(400):
        evicting.set(f"{AFTER_ALL}{number}", number, 600)
    assert evicting.get("allauth:rl") is None


def test_guesses_of_the_second_factor_stay_counted(secret: str) -> None:
    browser = Client()
    browser.post("/login/", LOGIN)
    for number in range(10):
        browser.post("/login/code/", {"code": f"{number:06d}"})
    fill()
    refused = browser.post("/login/code/", {"code": code_for(secret, later=1)}).content.decode()
    assert "Too many failed login attempts" in refused


def test_a_code_that_was_spent_stays_spent(secret: str) -> None:
    code = code_for(secret, later=1)
    for expected in (302, 200):
        browser = Client()
        browser.post("/login/", LOGIN)
        assert browser.post("/login/code/", {"code": code}).status_code == expected
        fill()
        cache.clear()  # it does not depend on the store at all


def test_requests_for_new_passwords_stay_counted(agent: User) -> None:
    User.objects.update(email="agent@desk.example")
    statuses = [Client().post("/password/", {"email": "agent@desk.example"}).status_code for _ in range(6)]
    fill()
    assert statuses[-1] == 429
    assert Client().post("/password/", {"email": "agent@desk.example"}).status_code == 429


def test_what_has_expired_goes(db: None) -> None:
    fill()
    with connection.cursor() as cursor:
        cursor.execute("update portal_cache set expires = %s", [timezone.now() - timedelta(seconds=1)])
    for number in range(3):
        cache.set(f"fresh{number}", 1, 600)
    assert rows() == 3


def test_the_store_survives_a_crash_of_the_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select relpersistence from pg_class where relname = 'portal_cache'")
        assert cursor.fetchall() == [("p",)]
