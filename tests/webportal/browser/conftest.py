"""One portal and one Chromium for the browser tests of a module, on a database of their own.

Of a module, not of the run: while Playwright's loop runs in this thread, Django refuses to ask its database here.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.webportal.browser import harness
from tests.webportal.publishing import customer, publish, synthetic_customers


@dataclass(frozen=True)
class Portal:
    """A running portal: where it is, its database, and the passwords of its users by name."""

    address: str
    database_url: str
    passwords: dict[str, str]


def server_url() -> str:
    """Return the URL of the Postgres server that the other tests use."""
    return harness.url_of(settings.DATABASES["default"])


@pytest.fixture(scope="module")
def empty_portal() -> Iterator[Portal]:
    """A portal before the first publish."""
    with harness.scratch_database(server_url()) as database_url:
        environment = harness.portal_environment(database_url)
        harness.manage(environment, "migrate")
        passwords = harness.first_users(environment)
        with harness.serving(environment) as address:
            yield Portal(address, database_url, passwords)


@pytest.fixture(scope="module")
def portal(empty_portal: Portal) -> Portal:
    """A portal with about 300 customers, one of them numbered 1 and at high risk."""
    with closing(psycopg2.connect(empty_portal.database_url)) as connection, connection, connection.cursor() as cursor:
        publish(cursor, [*synthetic_customers(), customer("1", churn_probability=0.71, days_listened=3)])
    return empty_portal


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with harness.chromium() as browser:
        yield browser


@pytest.fixture(params=["desktop", "phone"])
def window(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A fresh window of each size that Encore promises."""
    context = browser.new_context(viewport=harness.DESKTOP if request.param == "desktop" else harness.PHONE)
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext, portal: Portal) -> Page:
    """A page on which the agent has signed in."""
    page = window.new_page()
    harness.sign_in(page, portal.address, "agent", portal.passwords["agent"])
    return page
