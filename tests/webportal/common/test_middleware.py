import re

import pytest
from django.test import Client

from webportal.common.headers import DASH_POLICY, POLICY, source_hash
from webportal.customers.models import Snapshot

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def inline_scripts(page: str) -> list[str]:
    """Return what a browser would run: not what stands in comments, as Dash's words to Internet Explorer do."""
    return INLINE_SCRIPT.findall(COMMENT.sub("", page))


@pytest.mark.parametrize("path", ["/", "/search/?q=1", "/customers/300001/", "/nothing", "/charts/app/listening/"])
def test_every_page_carries_the_policy_and_no_inline_script_it_would_block(
    desk: Client, snapshot: Snapshot, path: str
) -> None:
    response = desk.get(path)
    policy = DASH_POLICY if path.startswith("/charts/") else POLICY
    assert response.headers["Content-Security-Policy"] == policy
    for source in inline_scripts(response.content.decode()):
        assert source_hash(source) in policy


def test_the_chart_has_the_one_inline_script_that_is_allowed(desk: Client, snapshot: Snapshot) -> None:
    page = desk.get("/charts/app/listening/").content.decode()
    assert inline_scripts(page) == ["var renderer = new DashRenderer();"]


@pytest.mark.parametrize("policy", [POLICY, DASH_POLICY])
def test_scripts_may_come_from_here_alone(policy: str) -> None:
    directives = dict(entry.split(" ", 1) for entry in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in directives["script-src"]
    assert not any("http" in sources or "*" in sources for sources in directives.values())


def test_style_elements_are_free_in_the_frame_of_dash_alone() -> None:
    directives = dict(entry.split(" ", 1) for entry in POLICY.split("; "))
    assert "unsafe" not in directives["style-src"] + directives["style-src-elem"]


@pytest.mark.parametrize(
    ("query", "cookie", "named"),
    [("q=a%00b", "", "q"), ("%00=1", "", ""), ("", 'sessionid="\\000abc"', "sessionid")],
)
def test_the_character_nul_is_refused_by_name(client: Client, query: str, cookie: str, named: str) -> None:
    response = client.get("/api/v1/customers/", QUERY_STRING=query, HTTP_COOKIE=cookie)
    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [named]
    page = client.get("/search/", QUERY_STRING=query, HTTP_COOKIE=cookie)
    assert page.status_code == 400
    assert "cannot be read" in page.content.decode()


def test_the_login_may_be_framed_by_us_alone(client: Client, db: None) -> None:
    assert client.get("/login/").headers["X-Frame-Options"] == "SAMEORIGIN"
