"""Dates and numbers as the reader's browser asks for; drawings, addresses, forms and files as machines need them."""

import re

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format, number_format

from tests.webportal.publishing import AS_OF
from webportal.common.regions import region_of
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


def test_files_are_the_same_for_all(desk: Client, snapshot: Snapshot) -> None:
    files = [desk.get("/customers.csv", headers={"Accept-Language": wish}).getvalue() for wish in ("en", "de")]
    assert files[0] == files[1]
    assert files[0].count(b"\n") > 100


def _without_tokens(found: list[str]) -> set[str]:
    """What is left without each page's fresh tokens and the address of the next, which is signed with the time."""
    return {re.sub(r'value="[\w-]{32,}"|after=[^"]*', "", attribute) for attribute in found}
