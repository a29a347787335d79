"""Service managers are told while it gets on, and when it hangs."""

import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest

from webportal.operations.health_server import Pulse, answering


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def status_of(port: int, path: str = "/healthz") -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_answers_while_it_gets_on() -> None:
    clock = Clock()
    pulse = Pulse(30, clock)
    with answering("127.0.0.1", 0, pulse) as port:
        clock.now = 30
        assert status_of(port) == 200
        clock.now = 31
        assert status_of(port) == 503
        pulse.beat()
        assert status_of(port) == 200
        assert status_of(port, "/admin/") == 404
    with pytest.raises(OSError, match="refused"):
        status_of(port)


def test_a_taken_port_is_an_error() -> None:
    with ExitStack() as stack:
        port = stack.enter_context(answering("127.0.0.1", 0, Pulse(30)))
        with pytest.raises(OSError, match="in use"):
            stack.enter_context(answering("127.0.0.1", port, Pulse(30)))
