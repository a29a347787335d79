"""Where a request comes from, as far as that can be known."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

NETWORK_BITS = 64
"""What one household or server gets of IPv6: whoever has that has all addresses in it."""


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address, or an empty text when there is none.

    Each of `PROXIES` trusted proxies appends the address it was asked from to `X-Forwarded-For`; what stands before
    those was written by the visitor, and is not believed. A header that is too short or no address counts as none.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if not settings.PROXIES or len(hops) < settings.PROXIES:
        return direct
    forwarded = hops[-settings.PROXIES]
    return forwarded if _is_address(forwarded) else direct


def client_network(request: HttpRequest) -> str:
    """Return the address, or for IPv6 its network of 64 bits: what a limit counts by."""
    text = client_address(request)
    if not _is_address(text):
        return text
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((int(address), NETWORK_BITS), strict=False))
    return str(address)


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
