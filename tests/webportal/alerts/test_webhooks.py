"""No webhook reaches what stands behind the firewall."""

import socket

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from webportal.alerts.webhooks import TargetRefusedError, addresses_of, check_url, place_of

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - to be refused
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fc00::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.5]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[ff02::1]",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_no_private_address_is_taken_in_a_form_or_when_sending(host: str) -> None:
    with pytest.raises(ValidationError, match="not a public one"):
        check_url(f"https://{host}/hook")
    with pytest.raises(TargetRefusedError, match="not a public one"):
        addresses_of(place_of(f"https://{host}/hook"))


@pytest.mark.parametrize("host", ["localhost", "localhost.", "127.1", "2130706433", "0x7f000001", "017700000001"])
def test_no_other_spelling_of_a_private_address_is_connected_to(host: str) -> None:
    with pytest.raises(TargetRefusedError, match=r"not a public one|no address"):
        addresses_of(place_of(f"https://{host}/hook"))


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/hook",
        "ftp://crm.example/hook",
        "file:///etc/passwd",
        "gopher://crm.example/",
        "//crm.example/hook",
        "https:///hook",
        "https://user:pass@crm.example/hook",
        "https://crm.example:99999/hook",
        "https://[::1/hook",
        "https://crm.example/a b",
        "https://crm.example/\r\nX-Planted: 1",
        "crm.example",
        "",
    ],
)
def test_no_other_form_of_address_is_taken(url: str) -> None:
    with pytest.raises(ValidationError):
        check_url(url)


def answers(*addresses: str) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


def test_a_name_is_judged_by_every_address_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of("https://crm.example/hook?a=b")
    assert (place.host, place.port, place.path, place.is_plain) == ("crm.example", 443, "/hook?a=b", False)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers("8.8.8.8"))
    assert addresses_of(place) == ["8.8.8.8"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers("8.8.8.8", "10.0.0.5"))
    with pytest.raises(TargetRefusedError, match="not a public one"):
        addresses_of(place)


def test_a_name_without_an_address_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TargetRefusedError, match="no address"):
        addresses_of(place_of("https://crm.example/"))


def test_hosts_that_the_settings_name_may_be_private_and_plain(settings: Settings) -> None:
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    place = place_of("http://127.0.0.1:8080/")
    assert (addresses_of(place), place.port, place.is_plain) == (["127.0.0.1"], 8080, True)
    check_url("http://127.0.0.1:8080/")
    with pytest.raises(ValidationError):
        check_url("http://127.0.0.2/")
