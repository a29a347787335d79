"""Webhooks: permitted targets, encrypted secrets, and one signed POST bounded in time."""

import hmac
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webportal.common.encryption import WEBHOOKS


def seal(secret: str) -> str:
    """Encrypt a secret by the newest key."""
    return WEBHOOKS.encrypt(secret)


def unseal(sealed: str) -> str:
    """Decrypt a secret, also one that a former key encrypted; raises `InvalidToken` for one that none of ours did."""
    return WEBHOOKS.decrypt(sealed)


PORTS = {"https": 443, "http": 80}
_TUNNELS = tuple(ip_network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""Networks of IPv6 that carry addresses of IPv4, private ones among them."""


class TargetRefusedError(Exception):
    """A webhook may not go there; the text says why."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(str(words))


@dataclass(frozen=True)
class Place:
    """The parts of an address: host in ASCII (IDNA), port, path and query percent-encoded, and whether without TLS."""

    host: str
    port: int
    path: str
    is_plain: bool


def check_url(url: str) -> None:
    """Refuse, for forms, an address that no webhook may go to, as far as its text alone says so.

    Raises:
        ValidationError: with the reason.
    """
    try:
        place = place_of(url)
        if _is_literal(place.host):
            _check_public(place.host, [place.host])
    except TargetRefusedError as refused:
        raise ValidationError(str(refused), code="refused") from None


def place_of(url: str) -> Place:
    """Return the parts of an address.

    Raises:
        TargetRefusedError: it is not of the form `https://host[:port]/path`.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
        path = iri_to_uri(parts.path or "/") + (f"?{iri_to_uri(parts.query)}" if parts.query else "")
    except ValueError:  # UnicodeError is one
        raise TargetRefusedError(_("This is not an address.")) from None
    if parts.scheme not in PORTS or not host or any(sign <= " " or sign == "\x7f" for sign in url):
        raise TargetRefusedError(_("This is not an address of the form https://host/path."))
    if parts.username is not None or parts.password is not None:
        raise TargetRefusedError(_("Names and passwords in an address end up in logs: use the secret."))
    is_plain = parts.scheme == "http"
    if is_plain and not _is_ours(host):
        raise TargetRefusedError(_("Without TLS anybody on the way could read it: use https."))
    return Place(host, port or PORTS[parts.scheme], path, is_plain)


def addresses_of(place: Place) -> list[str]:
    """Return the IP addresses to connect to, looked up now, in the order to try them.

    Raises:
        TargetRefusedError: there is none, or one of them is not public.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TargetRefusedError(_("The host has no address.")) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    _check_public(place.host, addresses)
    return addresses


def _check_public(host: str, addresses: list[str]) -> None:
    if not _is_ours(host) and not all(_is_public(address) for address in addresses):
        raise TargetRefusedError(_("The host is not a public one."))


def _is_public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if any(found in network for network in _TUNNELS):
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_ours(host: str) -> bool:
    return host.lower() in settings.WEBHOOK_HOSTS


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
