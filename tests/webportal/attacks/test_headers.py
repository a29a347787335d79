"""Guards on every answer, and no way to write a header of one's own."""

from collections.abc import Callable

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User
from webportal.customers.models import Snapshot

INJECTED = "a\r\nSet-Cookie: planted=1\r\nX-Planted: 1"
OTHERS = ("/static/encore/portal.js", "/static/nothing.js", "/nothing", "/search/?q=%00", "/customers/%00/")


EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    "X-Content-Type-Options": "nosniff",
}
CLOSED = "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; "
CLOSED += "form-action 'self'; base-uri 'none'"
STARTER = "'sha256-jZlsGVOhUAIcH+4PVs7QuGZkthRMgvT2n0ilH6/zTM0='"
"""Of Dash's one inline script."""
PAGE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; style-src-elem 'self'; "
    f"style-src-attr 'unsafe-inline'; {CLOSED}",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
CHART = {
    **PAGE,
    "Content-Security-Policy": f"default-src 'none'; script-src 'self' {STARTER}; style-src 'self' 'unsafe-inline'; "
    f"style-src-elem 'self' 'unsafe-inline'; style-src-attr 'unsafe-inline'; {CLOSED}",
}
CARD = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; "
    "form-action 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def guards_of(path: str) -> dict[str, str]:
    """Return what is promised for a path, written out here and not asked of the code under test."""
    special = CHART if path.startswith("/charts/") else CARD if path.startswith("/card/") else PAGE
    return {**EVERYWHERE, **special}


def guarded(response: HttpResponseBase, path: str) -> bool:
    return all(response.headers.get(name) == value for name, value in guards_of(path).items())


def test_every_answer_carries_every_guard(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot
) -> None:
    for browser in (browser_of(administrator), browser_of()):
        for path in (*paths(), *OTHERS):
            for response in (
                browser.get(path),
                browser.options(path),
                browser.get(path, headers={"Host": "evil.example"}),
            ):
                assert guarded(response, path), (path, response.status_code)


def test_failures_of_ours_are_guarded_too(
    browser_of: Callable[..., Client], agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webportal.customers.current_snapshot.get_shown", lambda: 1 / 0)
    response = browser_of(agent).get("/")
    assert response.status_code == 500
    assert guarded(response, "/")


def test_pages_are_kept_nowhere_and_files_are(desk: Client, snapshot: Snapshot) -> None:
    assert "no-store" in desk.get("/customers/300001/").headers["Cache-Control"]
    assert "no-store" in desk.get("/login/").headers["Cache-Control"]
    assert "no-store" not in desk.get("/static/encore/portal.js").headers["Cache-Control"]


def test_no_parameter_writes_a_header(
    browser_of: Callable[..., Client], administrator: User, snapshot: Snapshot
) -> None:
    names = ("next", "q", "url", "after", "filename", "purpose", "callback")
    for browser in (browser_of(administrator), browser_of()):
        for path in paths():
            response = browser.get(path, dict.fromkeys(names, INJECTED))
            assert "planted" not in response.cookies, path
            assert "X-Planted" not in response.headers, path
            assert not [value for value in response.headers.values() if "\r" in value or "\n" in value], path


@pytest.mark.django_db
def test_no_header_of_the_request_comes_back(browser_of: Callable[..., Client]) -> None:
    names = ("User-Agent", "Referer", "X-Forwarded-For", "Origin", "Accept-Language")
    browser = browser_of()
    for path in paths():
        response = browser.get(path, headers=dict.fromkeys(names, "marked-by-the-visitor"))
        everything = str(response.headers) + response.getvalue().decode(errors="replace")
        assert "marked-by-the-visitor" not in everything, path


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["<script>alert(1)</script>", "a b", "x" * 500, "å", 'a"b', "a;b"])
def test_a_request_id_comes_back_only_as_a_plain_word(browser_of: Callable[..., Client], given: str) -> None:
    response = browser_of().get("/login/", headers={"X-Request-Id": given})
    assert given not in str(response.headers) + response.getvalue().decode(errors="replace")
    assert response.headers["X-Request-ID"].isalnum()


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_no_other_origin_is_let_in(browser_of: Callable[..., Client], origin: str) -> None:
    browser = browser_of()
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    for path in paths():
        for response in (browser.get(path, headers=headers), browser.options(path, headers=headers)):
            assert not [name for name in response.headers if name.lower().startswith("access-control-")], path
