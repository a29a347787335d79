"""Whatever levels, genders and places the logs bring: each link of the overview leads to the count it says."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from tests.webportal.publishing import Row, customer, publish
from webportal.accounts.models import Team, User
from webportal.customers.models import Snapshot
from webportal.customers.selectors import customers_visible_to
from webportal.insights.overview import Overview, get_overview

LEVELS = ["paid", "free", "premium", "family", "PAID", "two words", "a&b=c", "tarif é+%", "unknown", None]
GENDERS = ["F", "M", "X", "divers", "unknown", None]
TOWNS = ["Berlin", "berlin", "a,b", "?&#, %"]
PLACES = ["Bozeman, MT", "Butte, MT", "MT", "Saint-Denis, Île-de-France", *TOWNS, "unknown", None]
CHANCES = [0.9, 0.5, 0.2, 0.05, None]
ODD = [
    customer(
        str(n),
        level=LEVELS[n % len(LEVELS)],
        gender=GENDERS[n % len(GENDERS)],
        location=PLACES[n // 2 % len(PLACES)],
        churn_probability=CHANCES[n % len(CHANCES)],
        risen_from="low" if n % 11 == 0 else None,
    )
    for n in range(45)
]


@pytest.fixture
def odd(db: None) -> Snapshot:
    return published(ODD)


def published(rows: list[Row]) -> Snapshot:
    with connection.cursor() as cursor:
        return Snapshot.objects.get(pk=publish(cursor, rows))


def links_of(overview: Overview) -> Iterator[tuple[str | None, int]]:
    yield from ((each.link, each.count) for each in overview.bands)
    for shares in (overview.genders, overview.levels, overview.histogram):
        yield from ((each.link, each.count) for each in shares)
    for rows in (overview.by_level, overview.places):
        yield from ((part.link, part.count) for row in rows for part in row.parts)
    yield overview.risen.link, overview.risen.count or 0


def test_each_link_leads_to_as_many_as_it_says(odd: Snapshot, desk: Client) -> None:
    links = list(links_of(get_overview(odd)))
    assert len(links) > 80
    assert None not in {link for link, _ in links}
    for link, count in links:
        page = desk.get(str(link))
        assert page.status_code == 200, link
        assert len(page.context["rows"]) == count, link
    shown = set(re.findall(r'href="(/customers/\?[^"]+)"', desk.get("/").content.decode()))
    assert {link.replace("&", "&amp;") for link, count in links if link and count} <= shown


def test_an_analyst_is_led_to_lists_of_regions_alone(odd: Snapshot, analyst: User, client: Client) -> None:
    client.force_login(analyst)
    page = client.get("/")
    links = [(link, count) for link, count in links_of(page.context["overview"]) if link]
    places = {parse_qs(urlsplit(link).query).get("place", [""])[0] for link, _ in links}
    assert places == {"", "MT", "Île-de-France", "%"}
    for link, count in links:
        if "place=MT" not in link:  # a town that is called as the region is counted with it, and analysts see no towns
            assert len(client.get(link).context["rows"]) == count, link


def test_the_form_offers_what_the_logs_bring(odd: Snapshot, desk: Client) -> None:
    page = desk.get("/customers/?level=bronze").content.decode()
    for value in ("premium", "family", "PAID", "two words", "X", "divers"):
        assert f'<option value="{value}">{value}</option>' in page
    assert '<option value="unknown">Unknown</option>' in page
    assert '<option value="bronze" selected>bronze</option>' in page
    assert "Select a valid choice" not in page


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ({"places": ["Berlin"]}, {"Berlin"}),
        ({"places": ["MT"]}, {"Bozeman, MT", "Butte, MT", "MT"}),
        ({"places": ["a,b", "unknown"]}, {"a,b", "unknown", None}),
    ],
)
def test_a_team_sees_the_places_of_its_scope(
    odd: Snapshot, agent: User, scope: dict[str, list[str]], seen: set[str | None]
) -> None:
    agent.team = Team.objects.create(name="scoped", **scope)
    assert {each.location for each in customers_visible_to(agent, odd)} == seen


def test_a_team_sees_the_levels_of_its_scope(odd: Snapshot, agent: User) -> None:
    agent.team = Team.objects.create(name="scoped", levels=["premium", "unknown"])
    assert {each.level for each in customers_visible_to(agent, odd)} == {"premium", "unknown", None}


def test_pages_name_a_level_as_the_logs_write_it(odd: Snapshot, desk: Client) -> None:
    assert '<span class="level level-paid">premium</span>' in desk.get("/customers/2/").content.decode()
    assert "premium</td>" in desk.get("/customers/?level=premium").content.decode()
