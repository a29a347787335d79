"""Addresses of every kind that an environment may name."""

import pytest

from orchestration.settings import is_of_the_web, split


@pytest.mark.parametrize("url", ["https://push.example", "http://127.0.0.1:9091/path?a=b"])
def test_of_the_web(url: str) -> None:
    assert is_of_the_web(url)


@pytest.mark.parametrize(
    "url", ["", "push.internal:9091", "ftp://push.example", "https://", "http://[", "http://a:port"]
)
def test_not_of_the_web(url: str) -> None:
    assert not is_of_the_web(url)


def test_parts_or_nothing() -> None:
    parts = split("smtp://user@mail.example:587")
    assert parts
    assert (parts.scheme, parts.hostname, parts.port) == ("smtp", "mail.example", 587)
    assert split("smtp://mail.example:port") is None
