"""Pictures of every page for the README and docs, from a real portal with made-up customers: `make screenshots`.

Twelve weeks of snapshots, a customer who rose and was spoken to, tasks, a watch and its alert: what the pages are for.
"""

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django
import psycopg2
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.webportal.browser import harness
from tests.webportal.publishing import AS_OF, customer, publish, synthetic_customers

WEEKS = 12
NUMBER = "300001"
PHONE, DARK = "phone", "dark"


@dataclass(frozen=True)
class Picture:
    """A page, who looks at it, in which window, and what is done there before the picture is taken."""

    name: str
    path: str
    user: str = "agent"
    window: str = ""
    whole: bool = False
    prepare: Callable[[Page], None] | None = None


def _type_a_name(page: Page) -> None:
    page.get_by_role("combobox").press_sequentially("colin")
    page.get_by_role("option").first.wait_for()


PICTURES = (
    Picture("login", "/login/", user=""),
    Picture("overview", "/", whole=True),
    Picture("customer", f"/customers/{NUMBER}/", whole=True),
    Picture("customer-dark", f"/customers/{NUMBER}/", window=DARK),
    Picture("customer-phone", f"/customers/{NUMBER}/", window=PHONE),
    Picture("suggestions", "/account/", prepare=_type_a_name),
    Picture("search", "/search/?q=colin"),
    Picture("list", "/customers/?band=high"),
    Picture("list-phone", "/customers/?band=high", window=PHONE),
    Picture("filters", "/filters/"),
    Picture("worklist", "/worklist/", user="admin"),
    Picture("worklist-phone", "/worklist/", window=PHONE),
    Picture("model", "/model/", whole=True),
    Picture("alerts", "/alerts/"),
    Picture("watches", "/alerts/watches/"),
    Picture("account", "/account/"),
    Picture("admin", "/admin/", user="admin"),
    Picture("admin-users", "/admin/accounts/user/", user="admin"),
    Picture("admin-audit", "/admin/audit/auditevent/", user="admin"),
    Picture("api", "/api/v1/docs/"),
    Picture("nobody", "/customers/987654321/"),
)


def take(folder: Path) -> list[Path]:
    """Start a portal, fill it, and write each of `PICTURES` as `<name>.png` into `folder`; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    with harness.scratch_database(harness.url_of(settings.DATABASES["default"])) as url:
        environment = harness.portal_environment(url)
        harness.manage(environment, "migrate", "-v", "0")
        passwords = harness.first_users(environment)
        with harness.serving(environment) as address, harness.chromium() as browser:
            _publish(url, range(WEEKS - 1))
            _work(browser, address, passwords["agent"])
            _publish(url, range(WEEKS - 1, WEEKS))
            harness.manage(environment, "follow_snapshots", "--once")
            return [_take(browser, address, passwords, picture, folder) for picture in PICTURES]


def _publish(url: str, weeks: Sequence[int]) -> None:
    """Publish a snapshot for each week; the customer of the pictures rises from low to high."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        for week in weeks:
            rows = [row for row in synthetic_customers(300, seed=week // 4) if row["customer_number"] != NUMBER]
            risen = customer(NUMBER, churn_probability=_probability(week), days_listened=9)
            as_of = AS_OF - timedelta(weeks=WEEKS - 1 - week)
            publish(cursor, [risen, *rows], as_of_date=as_of, model_version="2018-09" if week < 5 else "2018-11")


def _probability(week: int) -> float:
    """Rise from week to week, and with the last step from one band into the next."""
    return 0.05 + 0.015 * week + (0.1 if week == WEEKS - 1 else 0)


def _work(browser: Browser, address: str, password: str) -> None:
    """Do at the desk what leaves something to see: a watch, a contact, claimed tasks, and a saved filter."""
    with browser.new_context(viewport=harness.DESKTOP) as context:
        page = context.new_page()
        harness.sign_in(page, address, "agent", password)
        page.goto(f"{address}/customers/{NUMBER}/")
        page.get_by_role("button", name="Watch").click()
        page.wait_for_load_state()
        page.get_by_label("What was offered").fill("Three months for the price of two")
        page.get_by_role("button", name="Kept").click()
        page.wait_for_load_state()
        page.goto(f"{address}/worklist/")
        for _ in range(3):
            page.get_by_role("button", name="Claim").first.click()
            page.wait_for_load_state()
            page.goto(f"{address}/worklist/")
        page.goto(f"{address}/customers/?band=high&level=paid")
        page.locator(".saved-menu > summary").click()
        page.locator("#id_name").fill("Paying and at high risk")
        page.locator(".saved-panel button").click()
        page.wait_for_load_state()


def _take(browser: Browser, address: str, passwords: dict[str, str], picture: Picture, folder: Path) -> Path:
    viewport = harness.PHONE if picture.window == PHONE else harness.DESKTOP
    scheme = DARK if picture.window == DARK else "light"
    file = folder / f"{picture.name}.png"
    with browser.new_context(viewport=viewport, color_scheme=scheme, locale="en-GB") as context:
        page = context.new_page()
        if picture.user:
            harness.sign_in(page, address, picture.user, passwords[picture.user])
        page.goto(f"{address}{picture.path}", wait_until="networkidle")
        if picture.prepare:
            picture.prepare(page)
        page.screenshot(path=file, full_page=picture.whole)
    return file


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the pictures into the folder that is named."""
    parser = argparse.ArgumentParser(description="Write a picture of every page of the portal.")
    parser.add_argument("folder", type=Path)
    django.setup()
    for file in take(parser.parse_args(arguments).folder):
        print(f"{file}  {file.stat().st_size / 1_000:.0f} kB")  # noqa: T201 - a command's output


if __name__ == "__main__":
    main()
