"""The whole portal below a path of a proxy, `SCRIPT_NAME=/encore`: links, files, charts, card and their headers."""

import urllib.request
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from playwright.sync_api import Browser, expect

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal, server_url
from tests.webportal.publishing import publish, synthetic_customers

PREFIX = "/encore"
TOKEN = """
from datetime import timedelta
from webportal.accounts.models import User
from webportal.api.tokens import create_token
print(create_token(owner=User.objects.get(username='agent'), name='CRM', lifetime=timedelta(days=1)).text)
"""


@pytest.fixture(scope="module")
def below() -> Iterator[tuple[Portal, str]]:
    """A portal below the prefix, with about 300 customers, and a token of the agent's."""
    with harness.scratch_database(server_url()) as url:
        environment = {**harness.portal_environment(url), "SCRIPT_NAME": PREFIX, "ENCORE_EMBED_HOSTS": "crm.example"}
        harness.manage(environment, "migrate")
        passwords = harness.first_users(environment)
        token = harness.manage(environment, "shell", "-v", "0", "-c", TOKEN).strip()
        with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
            publish(cursor, synthetic_customers())
        with harness.serving(environment) as address:
            yield Portal(address, url, passwords), token


def test_pages_charts_and_links_work_and_nothing_is_asked_outside(browser: Browser, below: tuple[Portal, str]) -> None:
    portal, _ = below
    assert portal.address.endswith(PREFIX)
    page = browser.new_page()
    watch = harness.PageWatch.on(page, portal.address)
    harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
    assert page.url == f"{portal.address}/"
    frame = page.frame_locator("iframe")
    expect(frame.locator("#listening-graph .main-svg").first).to_be_visible(timeout=20_000)
    body = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "serif" not in body.split(",")[0]
    page.goto(f"{portal.address}/customers/")
    page.locator("table a").first.click()
    assert "/encore/customers/" in page.url
    page.get_by_role("combobox").first.press_sequentially("300")
    expect(page.get_by_role("option").first).to_be_visible()  # suggestions, asked for while typing
    watch.assert_clean()
    page.close()


def test_the_card_may_be_framed_and_the_chart_runs_its_script(below: tuple[Portal, str]) -> None:
    portal, token = below
    ask = urllib.request.Request(  # noqa: S310 - the portal under test
        f"{portal.address}/api/v1/customers/300001/card/", method="POST", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(ask) as answer:  # noqa: S310
        address = answer.read().decode().split('"url":"')[1].split('"')[0]
    assert address.startswith(f"{portal.address}/card/")
    with urllib.request.urlopen(address) as card:  # noqa: S310
        assert "frame-ancestors https://crm.example" in card.headers["Content-Security-Policy"]
        assert f'href="{PREFIX}/static/encore/' in card.read().decode()
    opener = harness.signed_in(portal.address, "agent", portal.passwords["agent"])
    with opener.open(f"{portal.address}/charts/app/listening/") as chart:
        assert "script-src 'self' 'sha256-" in chart.headers["Content-Security-Policy"]
    with pytest.raises(urllib.error.HTTPError) as missing:
        opener.open(f"{portal.address}/api/v1/nothing/")
    assert missing.value.headers["Content-Type"] == "application/json"
