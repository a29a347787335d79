"""Two snapshots between which customers cross, a webhook, and a server that takes what is sent there."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.webportal.publishing import Row, customer, publish
from webportal.accounts.models import User
from webportal.alerts.models import Webhook

SECRET = "a secret that both sides know"
LOW, MEDIUM, HIGH = 0.05, 0.15, 0.6
NOVEMBER, DECEMBER = date(2018, 11, 24), date(2018, 12, 1)


def published(rows: Sequence[Row], **changes: object) -> int:
    with connection.cursor() as cursor:
        return publish(cursor, rows, **changes)


def scored(number: str, probability: float | None, **changes: object) -> Row:
    return customer(number, churn_probability=probability, **changes)


@dataclass
class Receiver:
    """What arrived, and what to answer: a status, headers, and how slowly."""

    address: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    trickle_seconds: float = 0.0
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Yield a real server on 127.0.0.1."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.got.append((self.path, dict(self.headers), body))
            if receiver.trickle_seconds:
                _trickle(self, receiver.trickle_seconds)
                return
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self) -> None:
            """What a followed redirect would ask."""
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    receiver.address = f"http://127.0.0.1:{server.server_address[1]}/encore"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def _trickle(handler: BaseHTTPRequestHandler, seconds: float) -> None:
    """Send a sign of an endless header now and then."""
    ends = time.monotonic() + seconds
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while time.monotonic() < ends:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.2)
    except OSError:
        return


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A server that the settings let webhooks go to."""
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with receiving() as found:
        yield found


@pytest.fixture
def webhook(db: None, receiver: Receiver) -> Webhook:
    hook = Webhook(name="CRM", address=receiver.address, takes_customers=True)
    hook.secret = SECRET
    hook.save()
    return hook


@pytest.fixture
def reachable(agent: User) -> User:
    """The agent with an address of mail."""
    agent.email = "agent@desk.example"
    agent.save()
    return agent


@pytest.fixture
def office(administrator: User, client: Client) -> Client:
    """A browser in which the administrator is signed in."""
    client.force_login(administrator)
    return client
