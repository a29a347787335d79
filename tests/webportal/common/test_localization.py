"""Dates and numbers as the reader's browser asks for; drawings, addresses, forms and files as machines need them."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format, number_format

from tests.webportal.publishing import AS_OF, customer, publish
from webportal.accounts.models import User
from webportal.api.tokens import create_token
from webportal.common.localization import in_region, region_of
from webportal.customers.models import Snapshot

THIN, QUOTE = "\N{NARROW NO-BREAK SPACE}", "\N{RIGHT SINGLE QUOTATION MARK}"


@pytest.mark.parametrize(
    ("accepted", "region"),
    [
        ("", "en"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("en-US,en;q=0.9", "en-us"),
        ("de-AT,de;q=0.9,en;q=0.8", "en-de"),
        ("de-CH", "en-ch"),
        ("fr;q=0.4,nl;q=0.6", "en-de"),
        ("es-MX", "en"),
        ("sv-SE", "en-fr"),
        ("ja", "en-jp"),
        ("tlh, pl", "en-fr"),
        ("tlh", "en"),
        ("*", "en"),
        ("\N{SNOWMAN};q=x,,;", "en"),
        ("x" * 5_000, "en"),
    ],
)
def test_the_first_known_wish_decides(accepted: str, region: str) -> None:
    assert region_of(accepted) == region


@pytest.mark.parametrize(
    ("region", "day", "number"),
    [
        ("en", "1 Dec 2018", "12,345.6"),
        ("en-us", "Dec 1, 2018", "12,345.6"),
        ("en-de", "1 Dec 2018", "12.345,6"),
        ("en-fr", "1 Dec 2018", f"12{THIN}345,6"),
        ("en-ch", "1 Dec 2018", f"12{QUOTE}345.6"),
        ("en-jp", "2018 Dec 1", "12,345.6"),
    ],
)
def test_each_region_writes_its_own_way(region: str, day: str, number: str) -> None:
    with translation.override(region):
        assert date_format(AS_OF, "SHORT_DATE_FORMAT") == day
        assert number_format(12_345.6, 1, force_grouping=True) == number
        assert translation.gettext("Yes") == "Yes"


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("en", "1,204,000.5 songs; was 0.042, then 12 in 7 days or 35 %"),
        ("en-us", "1,204,000.5 songs; was 0.042, then 12 in 7 days or 35 %"),
        ("en-de", "1.204.000,5 songs; was 0,042, then 12 in 7 days or 35 %"),
        ("en-fr", f"1{THIN}204{THIN}000,5 songs; was 0,042, then 12 in 7 days or 35 %"),
        ("en-ch", f"1{QUOTE}204{QUOTE}000.5 songs; was 0.042, then 12 in 7 days or 35 %"),
    ],
)
def test_sentences_are_written_for_the_region(region: str, said: str) -> None:
    with translation.override(region):
        assert in_region("1,204,000.5 songs; was 0.042, then 12 in 7 days or 35 %") == said


def test_a_customers_sentences_follow_the_reader_on_page_and_card_and_the_api_nobody(
    desk: Client, agent: User, db: None
) -> None:
    reason = {"f": "adverts_7d", "c": 0.62, "v": 1204.0, "q": 91, "s": "1,204 adverts; typical is 12.5"}
    change = {"p": 0.2, "m": [{"f": "adverts_7d", "o": 0.1, "n": 0.4, "s": "1,204 adverts; was 3.25"}]}
    doubts = [{"c": "beyond", "s": "1,204 adverts; training saw 0 to 140.5."}]
    told = {"reasons": [reason], "change": change, "doubts": doubts}
    with connection.cursor() as cursor:
        publish(cursor, [customer("7", **{name: json.dumps(value) for name, value in told.items()})])
    token = create_token(owner=agent, name="CRM", lifetime=timedelta(days=1)).text
    german = {"Accept-Language": "de"}
    program = Client(headers={"Authorization": f"Bearer {token}"})
    card = program.post("/api/v1/customers/7/card/").json()["url"].removeprefix("http://testserver")
    page = desk.get("/customers/7/", headers=german).content.decode()
    for sentence in (
        "1.204 adverts; typical is 12,5.",
        "1.204 adverts; was 3,25.",
        "1.204 adverts; training saw 0 to 140,5.",
    ):
        assert sentence in page
    assert "1.204 adverts; typical is 12,5." in Client().get(card, headers=german).content.decode()
    answers = [program.get("/api/v1/customers/7/", headers=headers) for headers in (german, {})]
    assert answers[0].json() == answers[1].json()
    assert "1,204 adverts; typical is 12.5" in answers[0].content.decode()


def test_a_page_follows_its_reader(desk: Client, snapshot: Snapshot) -> None:
    american = desk.get("/customers/300001/", headers={"Accept-Language": "en-US"})
    german = desk.get("/customers/300001/", headers={"Accept-Language": "de"})
    assert "Dec 1, 2018" in american.content.decode()
    percent = re.search(r"data-probability[^>]*>([^<]+)<", german.content.decode())
    assert percent
    assert re.fullmatch(r"\d+,\d %", percent[1])
    assert (german.headers["Content-Language"], "Accept-Language" in german.headers["Vary"]) == ("en", True)


@pytest.mark.parametrize("path", ["/", "/customers/300001/", "/model/", "/customers/", "/worklist/"])
def test_drawings_and_fields_are_the_same_for_all(desk: Client, snapshot: Snapshot, path: str) -> None:
    read_by_machines = re.compile(r'(?:\s(?:d|points|x\d?|y\d?|width|height|style|value|min|max|href)="[^"]*")')
    pages = [desk.get(path, headers={"Accept-Language": wish}).content.decode() for wish in ("en", "de", "ja")]
    plain, *others = (read_by_machines.findall(page) for page in pages)
    for found in others:
        assert _without_tokens(found) ^ _without_tokens(plain) == set()
    assert len(plain) > 20


def test_files_are_the_same_for_all(client: Client, supervisor: User, snapshot: Snapshot) -> None:
    client.force_login(supervisor)
    purpose = {"purpose": "a test"}
    wishes = ({"Accept-Language": wish} for wish in ("en", "de"))
    files = [client.post("/customers.csv", purpose, headers=wish).getvalue() for wish in wishes]
    assert files[0] == files[1]
    assert files[0].count(b"\n") > 100


def _without_tokens(found: list[str]) -> set[str]:
    """What is left without each page's fresh tokens and the address of the next, which is signed with the time."""
    return {re.sub(r'value="[\w-]{32,}"|after=[^"]*', "", attribute) for attribute in found}
