"""The address that a request comes from, also behind proxies."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nobody listens there: it stands for a visitor without an address


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address, or None where there is none (a Unix socket, or a proxy that names none).

    Each proxy in front of the portal (`ENCORE_PROXIES`, 0 by default) appends the address it was called from to
    X-Forwarded-For, so only that many entries from the right can be believed: what stands left of them, the visitor
    wrote. An entry may have a port (`198.51.100.6:41234`, `[2001:db8::7]:443`), or say `unknown`.
    """
    proxies: int = settings.PROXIES_IN_FRONT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    found = forwarded[-proxies] if 0 < proxies <= len(forwarded) else request.META.get("REMOTE_ADDR", "")
    parsed = _parsed(found)
    return None if parsed is None else str(parsed)


def network_of(address: str | None) -> str | None:
    """Return what limits count as one visitor: an address, or of IPv6 the 64 bits that one household or server gets."""
    parsed = _parsed(address or "")
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed), 64), strict=False).network_address)
    return None if parsed is None else str(parsed)


def coarse_address(address: str | None) -> str:
    """Return the network of an address, enough to tell the office from elsewhere: `10.1.x.x`, `2001:db8:…`."""
    parsed = _parsed(address or "")
    if parsed is None or str(parsed) == NO_ADDRESS:
        return ""
    if isinstance(parsed, IPv6Address):
        return ":".join(parsed.exploded.split(":")[:2]) + ":…"
    return ".".join([*str(parsed).split(".")[:2], "x", "x"])


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address in `text`, without port, brackets and zone; one of IPv4 that is written as IPv6 is of IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
