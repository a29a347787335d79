import re

import pytest
from django.test import Client

from webportal.common.middleware import POLICY, script_hash
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
    assert response.headers["Content-Security-Policy"] == POLICY
    for source in inline_scripts(response.content.decode()):
        assert script_hash(source) in POLICY


def test_the_chart_has_the_one_inline_script_that_is_allowed(desk: Client, snapshot: Snapshot) -> None:
    page = desk.get("/charts/app/listening/").content.decode()
    assert inline_scripts(page) == ["var renderer = new DashRenderer();"]


def test_scripts_may_come_from_here_alone() -> None:
    directives = dict(entry.split(" ", 1) for entry in POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in directives["script-src"]
    assert not any("http" in sources or "*" in sources for sources in directives.values())


def test_the_login_may_be_framed_by_us_alone(client: Client, db: None) -> None:
    assert client.get("/login/").headers["X-Frame-Options"] == "SAMEORIGIN"
