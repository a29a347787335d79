"""One POST to a webhook: to the address that was judged, signed, bounded in time, following nothing."""

import hmac
import socket
import ssl
from contextlib import suppress
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from threading import Timer

from django.conf import settings

from webportal.alerts.targets import PORTS, Place, address_of, place_of

SIGNATURE, TIMESTAMP = "Encore-Signature", "Encore-Timestamp"


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
    connection = _Connection(place, address_of(place), settings.WEBHOOK_SECONDS)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Encore",
        TIMESTAMP: str(timestamp),
        SIGNATURE: sign(secret, timestamp, body),
    }
    try:
        connection.request("POST", place.path, body, headers)
        status = connection.getresponse().status
    except TimeoutError:
        raise PostFailedError("no answer in time") from None
    except ssl.SSLError as failure:
        raise PostFailedError(f"TLS: {failure.reason or 'no secure connection'}") from None
    except (OSError, HTTPException) as failure:
        raise PostFailedError(f"{type(failure).__name__}: the connection failed") from None
    finally:
        connection.close()
    if connection.has_hung_up:  # half a header may have passed for a whole one
        raise PostFailedError("no answer in time")
    if not 200 <= status < 300:
        raise PostFailedError(f"answered {status}")


class _Connection(HTTPConnection):
    """Connects to one address under the name of `place`, and hangs up after `seconds` whatever trickles in."""

    def __init__(self, place: Place, address: str, seconds: int) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self.default_port = PORTS["http" if place.is_plain else "https"]
        self._place, self._address = place, address
        self.has_hung_up = False
        self._second: socket.socket | None = None
        self._deadline: Timer | None = None

    def connect(self) -> None:
        """Open the connection, and begin to count."""
        plain = socket.create_connection((self._address, self._place.port), self.timeout)
        self._second = plain.dup()
        self._deadline = Timer(float(self.timeout or 0), self._hang_up)
        self._deadline.daemon = True
        self._deadline.start()
        if self._place.is_plain:
            self.sock = plain
        else:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._place.host)

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
