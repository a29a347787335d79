import pytest
from django.test import RequestFactory, override_settings

from webportal.common.client_address import NO_ADDRESS, client_address, coarse_address, network_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "nonsense", None),
        (1, "unknown", None),
        (1, "198.51.100.6:41234", "198.51.100.6"),
        (1, "6.6.6.6, [2001:db8::7]:443", "2001:db8::7"),
        (1, "[2001:db8::7]", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "::ffff:10.1.2.3", "10.1.2.3"),
        (1, "[::ffff:10.1.2.3]:443", "10.1.2.3"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(proxies: int, forwarded: str, expected: str | None) -> None:
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1")
    with override_settings(PROXIES_IN_FRONT=proxies):
        assert client_address(request) == expected


@pytest.mark.parametrize(
    ("address", "coarse"),
    [
        ("203.0.113.9", "203.0.x.x"),
        ("2001:db8::7", "2001:0db8:…"),
        ("::ffff:10.1.2.3", "10.1.x.x"),
        (NO_ADDRESS, ""),
        (None, ""),
    ],
)
def test_people_are_shown_the_network_alone(address: str | None, coarse: str) -> None:
    assert coarse_address(address) == coarse


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        (None, None),
    ],
)
def test_one_visitor_is_one_address_or_one_network_of_ipv6(address: str | None, network: str | None) -> None:
    assert network_of(address) == network
