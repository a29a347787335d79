"""Where a webhook may go: public hosts by HTTPS, and hosts that the settings name.

An address in a form makes the server ask it. So that nobody reaches what stands behind the firewall by it, the name is
looked up once, every address found must be public, and the connection goes to one of those very addresses.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.encoding import iri_to_uri
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
