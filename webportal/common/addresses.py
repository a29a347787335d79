"""The address that a request comes from, also behind proxies."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the visitor's address, or None where there is none (a Unix socket).

    Each proxy in front of the portal (`ENCORE_PROXIES`, 0 by default) appends the address it was called from to
    X-Forwarded-For, so only that many entries from the right can be believed: what stands left of them, the visitor
    wrote.
    """
    proxies: int = settings.PROXIES_IN_FRONT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    found = forwarded[-proxies] if 0 < proxies <= len(forwarded) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(found))
    except ValueError:
        return None


def coarse_address(address: str | None) -> str:
    """Return the network of an address, enough to tell the office from elsewhere: `10.1.x.x`, `2001:db8:…`."""
    if not address:
        return ""
    if ":" in address:
        return ":".join(ip_address(address).exploded.split(":")[:2]) + ":…"
    return ".".join([*address.split(".")[:2], "x", "x"])
