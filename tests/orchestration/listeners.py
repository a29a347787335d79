"""A mail server, a webhook and a Pushgateway on 127.0.0.1 that keep what they are sent."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as handing in one message takes."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.received.append(b"".join(lines).decode())  # type: ignore[attr-defined]
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class _Gateway(BaseHTTPRequestHandler):
    """As much of a Pushgateway as taking a group of figures is."""

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _running(server: Any) -> Iterator[tuple[str, list[Any]]]:  # noqa: ANN401 - either server
    server.received = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", server.received
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_server() -> Iterator[tuple[str, list[str]]]:
    """Yield host and port, and the list that messages come into."""
    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail)) as running:
        yield running


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield host and port, and the list that documents come into; answers with `status`."""
    with _answering(_Hook, status) as running:
        yield running


@contextmanager
def gateway(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield host and port, and the list that paths and figures come into; answers with `status`."""
    with _answering(_Gateway, status) as running:
        yield running


@contextmanager
def _answering(handler: type[BaseHTTPRequestHandler], status: int) -> Iterator[tuple[str, list[Any]]]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    server.status = status  # type: ignore[attr-defined]
    with _running(server) as running:
        yield running
