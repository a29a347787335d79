import pytest
from django.test import RequestFactory, override_settings

from webportal.common.addresses import client_address, coarse_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "nonsense", None),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(proxies: int, forwarded: str, expected: str | None) -> None:
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1")
    with override_settings(PROXIES_IN_FRONT=proxies):
        assert client_address(request) == expected


@pytest.mark.parametrize(
    ("address", "coarse"), [("203.0.113.9", "203.0.x.x"), ("2001:db8::7", "2001:0db8:…"), (None, "")]
)
def test_people_are_shown_the_network_alone(address: str | None, coarse: str) -> None:
    assert coarse_address(address) == coarse
