"""What gunicorn and the first middlewares let through, asked in plain bytes that no client library would send."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.webportal.browser import harness
from webportal.config import gunicorn

NOWHERE = "postgresql://encore:hush@127.0.0.1:1/churn"
"""No request here may ask the database."""

HOST = b"Host: 127.0.0.1\r\n"
LAST = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with harness.serving(harness.portal_environment(NOWHERE)) as url:
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 0)


def say(address: tuple[str, int], *requests: bytes) -> bytes:
    """Send bytes, each part behind an answer to the one before, and return all until the server closes the connection.

    gunicorn looks at what it has read beyond a request only when more comes.
    """
    answers = b""
    with socket.create_connection(address, timeout=20) as connection:
        for request in requests:
            with suppress(ConnectionResetError, BrokenPipeError):  # it may answer and close before it has read all
                connection.sendall(request)
            with suppress(ConnectionResetError):
                answers += connection.recv(65536)
        with suppress(ConnectionResetError):
            while some := connection.recv(65536):
                answers += some
    return answers


def statuses(answers: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


def alive(address: tuple[str, int]) -> bool:
    return statuses(say(address, LAST)) == [200]


REFUSED = {
    "a long line": b"GET /" + b"a" * gunicorn.limit_request_line + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long header": b"GET /healthz HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 9_000 + b"\r\n\r\n",
    "many headers": b"GET /healthz HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: a\r\n" % n for n in range(200)) + b"\r\n",
    "no version": b"GET /healthz\r\n\r\n",
    "another version": b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n",
    "no method": b" / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a header that is none": b"GET /healthz HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n",
    "a space before the colon": b"GET /healthz HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
    "NUL in a header": b"GET /healthz HTTP/1.1\r\n" + HOST + b"X-A: a\0b\r\n\r\n",
    "two lengths": b"POST /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length and chunks": b"POST /healthz HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin/ HTTP/1.1\r\n\r\n",
    "chunks by another name": b"POST /healthz HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a length that is none": b"POST /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: +1\r\n\r\na",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64 + b"\r\n\r\n",
}


OTHER_STATUSES = {"a long header": 431, "many headers": 431, "chunks by another name": 501}
"""Statuses of refusals but 400."""


def test_two_requests_on_a_connection_have_two_answers(address: tuple[str, int]) -> None:
    """Else a smuggled request, of which one answer is expected, would not be seen."""
    assert statuses(say(address, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n", LAST)) == [200, 200]


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refuses_what_is_no_request(address: tuple[str, int], name: str) -> None:
    answer = say(address, REFUSED[name], LAST)
    assert statuses(answer) == [OTHER_STATUSES.get(name, 400)], answer[:200]
    assert b"Traceback" not in answer
    assert alive(address)


def test_refuses_a_body_by_its_announced_length(address: tuple[str, int]) -> None:
    answer = say(address, b"POST /login/ HTTP/1.1\r\n" + HOST + b"Content-Length: 10000000000\r\n\r\n")
    assert statuses(answer) == [413]
    assert alive(address)


def test_another_host_is_refused_by_the_server_too(address: tuple[str, int]) -> None:
    answer = say(address, b"GET /login/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert statuses(answer) == [400]
    assert b"evil" not in answer
    assert b"Content-Security-Policy: default-src 'none'" in answer


def test_a_line_end_in_the_path_writes_no_header(address: tuple[str, int]) -> None:
    answer = say(
        address, b"GET /search/%0d%0aSet-Cookie:%20planted=1 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    )
    head = answer.partition(b"\r\n\r\n")[0]
    assert len(statuses(answer)) == 1
    assert b"\r\nSet-Cookie: planted" not in head
