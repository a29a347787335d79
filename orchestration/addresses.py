"""Addresses as the environment names them."""

from urllib.parse import SplitResult, urlsplit


def split(url: str) -> SplitResult | None:
    """The parts of an address, or None when they cannot be told apart."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed on access only
    except ValueError:
        return None
    return parts


def is_of_the_web(url: str) -> bool:
    """Whether an address names a host and begins with https:// or http://."""
    parts = split(url)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
