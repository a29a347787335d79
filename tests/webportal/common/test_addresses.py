import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import SettingsWrapper

from webportal.common.addresses import client_address, client_network


def request(direct: str, forwarded: str | None = None) -> HttpRequest:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory(REMOTE_ADDR=direct, headers=headers).get("/")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "198.51.100.1", "192.0.2.7"),  # nobody in front: what the visitor wrote counts for nothing
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the first was written by the visitor
        (2, "203.0.113.9, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.7"),
        (1, None, "192.0.2.7"),
        (1, "", "192.0.2.7"),
        (1, "evil'; --", "192.0.2.7"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_believes_trusted_proxies_alone(
    settings: SettingsWrapper, proxies: int, forwarded: str | None, found: str
) -> None:
    settings.PROXIES = proxies
    assert client_address(request("192.0.2.7", forwarded)) == found


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
    ],
)
def test_counts_a_network_of_ipv6_as_one(settings: SettingsWrapper, address: str, network: str) -> None:
    settings.PROXIES = 0
    assert client_network(request(address)) == network
