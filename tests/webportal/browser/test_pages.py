"""Weight of the pages an agent reads, cold, and what they must not do."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import psycopg2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal
from tests.webportal.publishing import AS_OF, customer, publish, synthetic_customers

pytestmark = pytest.mark.browser

KILOBYTES = 500
WEEKS = 12


@pytest.fixture(scope="module")
def grown(empty_portal: Portal) -> Portal:
    """A portal that has kept twelve weeks of snapshots, scored by two models."""
    with closing(psycopg2.connect(empty_portal.database_url)) as connection, connection, connection.cursor() as cursor:
        for week in range(WEEKS):
            rows = [*synthetic_customers(60, seed=week), customer("1", churn_probability=0.1 + 0.04 * week)]
            as_of = AS_OF - timedelta(weeks=WEEKS - 1 - week)
            publish(cursor, rows, as_of_date=as_of, model_version="first" if week < 5 else "second")
    return empty_portal


@pytest.fixture
def cold(browser: Browser, grown: Portal, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A signed-in page in a window whose cache holds nothing of what the pages need."""
    with browser.new_context(viewport=getattr(request, "param", harness.DESKTOP), locale="en-GB") as context:
        page = context.new_page()
        harness.sign_in(page, grown.address, "agent", grown.passwords["agent"])
        context.storage_state()
        yield page


WEIGHTS = """[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(entry => entry.decodedBodySize)"""
"""Bytes of the page and of each file that it loads, uncompressed."""


def test_the_customer_page_is_light_when_cold(grown: Portal, cold: Page) -> None:
    harness.without_cache(cold)
    watch = harness.PageWatch.on(cold, grown.address)
    cold.goto(f"{grown.address}/customers/1/", wait_until="load")
    weights: list[int] = cold.evaluate(WEIGHTS)
    assert len(weights) > 4
    assert min(weights) > 0
    assert sum(weights) < KILOBYTES * 1000
    watch.assert_clean()


@pytest.mark.parametrize("cold", [harness.DESKTOP, harness.PHONE], indirect=True, ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/customers/1/", "/model/", "/"])
def test_no_page_scrolls_sideways_complains_or_asks_another_host(grown: Portal, cold: Page, path: str) -> None:
    cold.wait_for_load_state("networkidle")  # the chart of the landing page, which is not watched here
    watch = harness.PageWatch.on(cold, grown.address)
    cold.goto(f"{grown.address}{path}", wait_until="networkidle")
    for summary in cold.get_by_text("Show figures").all():
        summary.click()
    assert not harness.scrolls_sideways(cold)
    watch.assert_clean()


@pytest.mark.parametrize("cold", [harness.PHONE], indirect=True)
def test_on_a_phone_probability_and_doubts_come_before_charts(grown: Portal, cold: Page) -> None:
    cold.goto(f"{grown.address}/customers/1/")

    def top(heading: str) -> float:
        box = cold.get_by_role("heading", name=heading).bounding_box()
        assert box is not None
        return box["y"]

    before = ["Churn risk", "When not to trust this", "At the desk"]
    order = [*before, "What changed", "Why", "Probability over time", "Songs on each"]
    assert [top(heading) for heading in order] == sorted(top(heading) for heading in order)


def test_figures_open_beside_the_drawing(grown: Portal, cold: Page) -> None:
    cold.goto(f"{grown.address}/customers/1/")
    panel = cold.get_by_role("region", name="Probability over time")
    expect(panel.get_by_role("img")).to_be_visible()
    expect(panel.get_by_role("table")).to_be_hidden()
    panel.get_by_text("Show figures").click()
    expect(panel.get_by_role("row")).to_have_count(WEEKS + 1)
    first = AS_OF - timedelta(weeks=WEEKS - 1)
    expect(panel.get_by_role("row").last).to_contain_text(f"{first:%-d %b %Y}")
    assert date(2018, 9, 15) == first


def test_the_model_page_is_reached_from_the_navigation(grown: Portal, cold: Page) -> None:
    cold.get_by_role("link", name="Model").click()
    expect(cold.get_by_role("heading", name="The model")).to_be_visible()
    expect(cold.get_by_role("img", name="Calibration curve")).to_be_visible()
    expect(cold.get_by_role("row", name="second now")).to_be_visible()
