"""Bodies in chunks, under gunicorn: read like any other, bounded like any other, refused when their chunks are none."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import server_url
from tests.webportal.browser.test_below_a_prefix import TOKEN
from tests.webportal.publishing import customer, publish
from tests.webportal.scratch import rows

BODY = b'{"channel": "they called", "outcome": "kept", "words": ""}'


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[tuple[str, int], str, str]]:
    """Host and port of a portal with customer 15, its database, and a token."""
    with harness.scratch_database(server_url()) as url:
        environment = harness.portal_environment(url)
        harness.manage(environment, "migrate")
        harness.first_users(environment)
        token = harness.manage(environment, "shell", "-v", "0", "-c", TOKEN).strip()
        with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
            publish(cursor, [customer("15")])
        with harness.serving(environment) as address:
            parts = urlsplit(address)
            yield (str(parts.hostname), int(parts.port or 0)), url, token


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def ask(address: tuple[str, int], token: str, key: str, body: bytes) -> tuple[int, bytes]:
    head = (
        f"POST /api/v1/customers/15/contacts/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n"
    )
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(head.encode())
        try:
            connection.sendall(body)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before all was sent
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_contact_in_chunks_is_recorded(served: tuple[tuple[str, int], str, str], size: int) -> None:
    address, url, token = served
    status, answer = ask(address, token, f"key-{size}", chunked(BODY, size))
    assert (status, json.loads(answer)["outcome"]) == (201, "kept")
    assert rows(url, "select outcome from desk_contact order by id desc limit 1") == [("kept",)]
    again, _ = ask(address, token, f"key-{size}", chunked(BODY, 3))
    assert again == 200


def test_more_than_any_body_may_hold_is_refused(served: tuple[tuple[str, int], str, str]) -> None:
    address, _, token = served
    began = time.monotonic()
    status, _ = ask(address, token, "large", chunked(b"a" * 3_000_000, 100_000))
    assert status == 413
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("body", [b"zz\r\nab\r\n0\r\n\r\n", b"5\r\nab", b"2\r\nabcd\r\n0\r\n\r\n", b""])
def test_chunks_that_are_none_are_refused(served: tuple[tuple[str, int], str, str], body: bytes) -> None:
    address, url, token = served
    before = rows(url, "select count(*) from desk_contact")
    status, _ = ask(address, token, "broken", body)
    assert status == 400
    assert rows(url, "select count(*) from desk_contact") == before
