"""A long-running command as a service: a health page for service managers, and a graceful end on signals."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import FrameType

PATH = "/healthz"


@dataclass
class Pulse:
    """When a process last showed that it gets on with its work."""

    longest_silence: float
    """In seconds; after more, it hangs."""
    clock: Callable[[], float] = time.monotonic
    _last: float = field(init=False)

    def __post_init__(self) -> None:
        self.beat()

    def beat(self) -> None:
        """Note that it gets on."""
        self._last = self.clock()

    @property
    def is_felt(self) -> bool:
        """Tell whether it still gets on."""
        return self.clock() - self._last <= self.longest_silence


@contextmanager
def answering(host: str, port: int, pulse: Pulse) -> Iterator[int]:
    """Answer at `PATH` with 200 while the pulse is felt, else 503; yields the port, which is chosen when 0 is given.

    Raises:
        OSError: the port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = 5  # seconds for whoever asks, so that none who says nothing is waited for

        def do_GET(self) -> None:
            known = self.path == PATH
            status = HTTPStatus.OK if pulse.is_felt else HTTPStatus.SERVICE_UNAVAILABLE
            body = b"ok\n" if known and pulse.is_felt else b""
            self.send_response(status if known else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet: it is asked every few seconds."""

    server = ThreadingHTTPServer((host, port), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """Takes the signals that ask a process to end, from its making on."""

    def __init__(self) -> None:
        self.is_asked_for = False
        # A pipe, for a handler that set an Event could meet the very lock that the interrupted wait holds.
        self._heard, self._told = os.pipe()
        for number in SIGNALS:
            signal.signal(number, self._take)

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or at once when the end is asked for."""
        select.select([self._heard], [], [], seconds)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked_for = True
        os.write(self._told, b"!")
