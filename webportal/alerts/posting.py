"""One POST to a webhook: to the addresses that were judged, signed, bounded in time, following nothing."""

import hmac
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from threading import Timer

from django.conf import settings

from webportal.alerts.targets import PORTS, Place, addresses_of, place_of

SIGNATURE, TIMESTAMP = "Encore-Signature", "Encore-Timestamp"
TOO_LATE = "no answer in time"


class PostFailedError(Exception):
    """The other side did not take it; the text says what happened, in words for the table of deliveries."""


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body sent at `timestamp` (seconds since 1970): HMAC-SHA256 of `timestamp.body`."""
    digest = hmac.new(secret.encode(), b"%d." % timestamp + body, sha256).hexdigest()
    return f"sha256={digest}"


def post(url: str, secret: str, timestamp: int, body: bytes) -> None:
    """Send `body` (JSON) and return when the other side has answered 200 to 299.

    Raises:
        PostFailedError: it answered otherwise (a redirect is one), too late, or not at all.
        TargetRefusedError: no webhook may go there.
    """
    place = place_of(url)
    connection = _Connection(place, addresses_of(place), settings.WEBHOOK_SECONDS)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Encore",
        TIMESTAMP: str(timestamp),
        SIGNATURE: sign(secret, timestamp, body),
    }
    try:
        connection.request("POST", place.path, body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as failure:
        raise PostFailedError(_words(failure, connection)) from None
    finally:
        connection.close()
    if connection.has_hung_up:  # half a header may have passed for a whole one
        raise PostFailedError(TOO_LATE)
    if not 200 <= status < 300:
        raise PostFailedError(f"answered {status}")


def _words(failure: OSError | HTTPException, connection: "_Connection") -> str:
    if connection.has_hung_up or isinstance(failure, TimeoutError):  # hanging up looks like the other side's doing
        return TOO_LATE
    if isinstance(failure, ssl.SSLError):
        return f"TLS: {failure.reason or 'no secure connection'}"
    return f"{type(failure).__name__}: the connection failed"


class _Connection(HTTPConnection):
    """Connects to the first address that listens, as `place`, and hangs up after `seconds` whatever trickles in."""

    def __init__(self, place: Place, addresses: Sequence[str], seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self.default_port = PORTS["http" if place.is_plain else "https"]
        self._place, self._addresses, self._seconds = place, addresses, seconds
        self.has_hung_up = False
        self._second: socket.socket | None = None
        self._deadline: Timer | None = None

    def connect(self) -> None:
        """Open the connection, and count the seconds from here, over all addresses."""
        ends = time.monotonic() + self._seconds
        plain = self._connect_to_any(ends)
        plain.settimeout(self._seconds)
        self._second = plain.dup()
        self._deadline = Timer(max(0.0, ends - time.monotonic()), self._hang_up)
        self._deadline.daemon = True
        self._deadline.start()
        if self._place.is_plain:
            self.sock = plain
        else:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._place.host)

    def _connect_to_any(self, ends: float) -> socket.socket:
        """Try each address; one that says nothing gets its share of the time left, so that some is left for others."""
        failure: OSError = TimeoutError()
        for tried, address in enumerate(self._addresses):
            share = (ends - time.monotonic()) / (len(self._addresses) - tried)
            if share <= 0:
                break
            try:
                return socket.create_connection((address, self._place.port), share)
            except OSError as refused:
                failure = refused
        raise failure

    def close(self) -> None:
        """Close, and stop counting."""
        super().close()
        if self._deadline is not None and self._second is not None:
            self._deadline.cancel()
            self._second.close()

    def _hang_up(self) -> None:
        """End the connection by a second handle of it, so that whoever reads from the first comes back."""
        self.has_hung_up = True
        with suppress(OSError):  # it had ended already
            if self._second is not None:
                self._second.shutdown(socket.SHUT_RDWR)
