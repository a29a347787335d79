from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread
from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.test import RequestFactory
from pytest_django import Settings

from webportal.api.models import RateWindow
from webportal.api.tokens import NewToken, wait_of_address, wait_of_token

NOON = datetime(2026, 1, 1, 12, 0, 10, tzinfo=UTC)
NOW = "webportal.api.tokens.timezone.now"


@pytest.fixture(autouse=True)
def _few(settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = {"token": 3, "address": 5}


def test_a_token_waits_for_the_end_of_its_minute(token: NewToken) -> None:
    with patch(NOW, return_value=NOON):
        assert [wait_of_token(token.token) for _ in range(5)] == [None, None, None, 50, 50]
    with patch(NOW, return_value=NOON + timedelta(minutes=1)):
        assert wait_of_token(token.token) is None


def test_an_address_is_counted_by_itself_and_never_written_down(db: None) -> None:
    ours, other = RequestFactory(REMOTE_ADDR="192.0.2.7").get("/"), RequestFactory(REMOTE_ADDR="192.0.2.8").get("/")
    with patch(NOW, return_value=NOON):
        assert [wait_of_address(ours) for _ in range(6)] == [None] * 5 + [50]
        assert wait_of_address(other) is None
    assert "192.0.2" not in " ".join(RateWindow.objects.values_list("key", flat=True))


def test_past_windows_are_forgotten(token: NewToken) -> None:
    with patch(NOW, return_value=NOON):
        wait_of_token(token.token)
    with patch(NOW, return_value=NOON + timedelta(minutes=5)):
        wait_of_token(token.token)
    assert RateWindow.objects.count() == 1


def test_the_counters_write_no_log_of_the_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select relpersistence from pg_class where relname = 'api_rate_window'")
        assert cursor.fetchall() == [("u",)]


def test_requests_at_the_same_time_are_all_counted(db: None) -> None:
    """In threads with connections of their own, outside of the test's transaction: they clean up behind them."""

    def asking() -> None:
        for _ in range(20):
            wait_of_address(RequestFactory(REMOTE_ADDR="198.51.100.77").get("/"))
        connections.close_all()

    def forgetting() -> None:
        RateWindow.objects.filter(ends_at__year=1999).delete()
        connections.close_all()

    with patch(NOW, return_value=NOON.replace(year=1999)):
        run(*[asking] * 4)
    try:
        assert RateWindow.objects.get(ends_at__year=1999).requests == 80
    finally:
        run(forgetting)


def run(*targets: Callable[[], None]) -> None:
    threads = [Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
