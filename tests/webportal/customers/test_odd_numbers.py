"""Every number that ingest lets in works everywhere: pages and their forms, search, pop, API, card, CSV, rights."""

import csv
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests.webportal.desk.conftest import known, sent
from tests.webportal.publishing import publish
from webportal.accounts.models import ScopedCustomer, Team, User
from webportal.alerts.models import Watch
from webportal.api.tokens import LONGEST_LIFE, create_token
from webportal.customers.models import CustomerSnapshot, Snapshot
from webportal.desk.models import Contact, Note, Task

NUMBERS = (
    "auth0|5f7c",
    "anna+music@example.com",
    "user/13",
    "a b",
    "100%",
    "Üser7",
    "{2f1c}",
    "..",
    ".",
    "L" * 80,
    "字" * 128,
    "#7",
    "a~41",
    "%41",
    "x/contacts",
    "=1+1",
    "\"'><script>alert(1)</script>",
    "a\\b_c",
    "0",
    "00",
    "notes/5",
    "ﬁ²",
)
SURE = tuple(number for number in NUMBERS if number not in ("x/contacts", "a~41"))
"""Numbers that are understood percent-encoded alone as well: the others look like something else."""


@pytest.fixture
def odd(db: None) -> Snapshot:
    with connection.cursor() as cursor:
        rows = [known(number, first_name=None, last_name=None, churn_probability=0.5) for number in NUMBERS]
        return Snapshot.objects.get(pk=publish(cursor, [*rows, known("7"), known("900098")]))


def addresses_in(page: str) -> set[str]:
    return {unescape(address) for address in re.findall(r'(?:href|action)="([^"]*)"', page)}


def program_of(agent: User) -> Client:
    token = create_token(owner=agent, name="CRM", lifetime=LONGEST_LIFE)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def page_of(browser: Client, number: str) -> str:
    """Return the address of the customer's page as the list links it."""
    page = browser.get("/customers/?sort=number").content.decode()
    rows = re.findall(r'<a href="([^"]+)"><span class="customer-number">(.*?)</span>', page)
    return {unescape(shown): unescape(address) for address, shown in rows}[number]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_page_that_the_list_links_works_with_all_its_forms(desk: Client, odd: Snapshot, number: str) -> None:
    address = page_of(desk, number)
    answer = desk.get(address)
    assert answer.status_code == 200
    assert answer.context["customer"].customer_number == number
    forms = {each.rsplit("/", 2)[1]: each for each in addresses_in(answer.content.decode()) if "/desk/" in each}
    assert set(forms) == {"claim", "contact", "note", "task"}
    for name in ("claim", "note", "contact"):
        posted = desk.post(forms[name], sent(words="typed"))
        assert (posted.status_code, posted.headers["Location"]) == (302, f"{address}#desk"), name
    desk.post("/alerts/watch/", {"number": number})
    desk.post("/worklist/next/", {"behind": number})
    found = (model.objects.values_list("customer_number", flat=True).first() for model in (Note, Contact, Watch))
    assert [*found] == [number] * 3
    assert Task.objects.filter(customer_number=number).count() == 1
    for overview in ("/alerts/watches/", "/worklist/?show=done"):
        assert address in addresses_in(desk.get(overview).content.decode())


@pytest.mark.parametrize("number", NUMBERS)
def test_search_suggestions_and_pop_find_it(desk: Client, odd: Snapshot, number: str) -> None:
    address = page_of(desk, number)
    assert desk.get("/search/", {"q": f" {number} "}).headers["Location"] == address
    options = desk.get("/search/suggest/", {"q": number}).json()["options"]
    assert address in [option["address"] for option in options]
    popped = desk.get("/pop/", {"number": number})
    assert popped.headers.get("Location") == address or address in addresses_in(popped.content.decode())
    by_path = desk.get(f"/pop/{address.removeprefix('/customers/')}")
    assert by_path.headers.get("Location") == address or address in addresses_in(by_path.content.decode())


@pytest.mark.parametrize("number", NUMBERS)
def test_the_api_knows_it(odd: Snapshot, agent: User, number: str, desk: Client) -> None:
    program = Client(
        headers={"Authorization": f"Bearer {create_token(owner=agent, name='CRM', lifetime=LONGEST_LIFE).text}"}
    )
    part = page_of(desk, number).removeprefix("/customers/")
    spellings = [part] + ([f"{quote(number, safe='')}/"] if number in SURE else [])
    for spelling in spellings:
        base = f"/api/v1/customers/{spelling}"
        for path in (base, f"{base}contacts/", f"{base}history/"):
            answer = program.get(path)
            told = answer.json()
            assert answer.status_code == 200, path
            assert told.get("customer", told)["customer_number"] == number, path
        card = program.post(f"{base}card/")
        assert number in unescape(Client().get(card.json()["url"].removeprefix("http://testserver")).content.decode())
    listed = program.get("/api/v1/customers/", {"number_prefix": number}).json()["customers"]
    assert number in [each["customer_number"] for each in listed]


def test_pages_of_the_longest_numbers_go_on(odd: Snapshot, agent: User) -> None:
    program = Client(
        headers={"Authorization": f"Bearer {create_token(owner=agent, name='CRM', lifetime=LONGEST_LIFE).text}"}
    )
    seen: list[str] = []
    answer: dict[str, Any] = program.get("/api/v1/customers/", {"limit": 1}).json()
    while True:
        seen += [each["customer_number"] for each in answer["customers"]]
        if not answer["next"]:
            break
        answer = program.get("/api/v1/customers/", {"limit": 1, "after": answer["next"]}).json()
    assert set(seen) == {*NUMBERS, "7", "900098"}


def test_the_csv_has_them_all(odd: Snapshot, administrator: User, client: Client) -> None:
    client.force_login(administrator)
    text = b"".join(client.post("/customers.csv", {"purpose": "asked"}).streaming_content).decode("utf-8-sig")
    shown = {row[0].removeprefix("'") if row[0][1:2] in "=+-@" else row[0] for row in csv.reader(io.StringIO(text))}
    assert set(NUMBERS) <= shown


@pytest.mark.parametrize("number", NUMBERS)
def test_a_team_that_lists_it_sees_it_alone(desk: Client, agent: User, team: Team, odd: Snapshot, number: str) -> None:
    address = page_of(desk, number)
    team.by_list = True
    team.save()
    agent.team = team
    agent.save()
    ScopedCustomer.objects.create(team=team, customer_number=number)
    assert desk.get(address).status_code == 200
    assert page_of(desk, number) == address


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_exported_and_erased_alone(
    odd: Snapshot, administrator: User, client: Client, number: str, tmp_path: Path
) -> None:
    call_command("export_person", number, str(tmp_path / "person.zip"), purpose="asked")
    with ZipFile(tmp_path / "person.zip") as archive:
        assert json.loads(archive.read("about.json"))["customer_number"] == number
        assert len(json.loads(archive.read("snapshots.json"))) == 1
    client.force_login(administrator)
    sent_by_form = {"number": f" {number} ", "purpose": "asked", "again": number}
    assert client.get("/admin/privacy/erasedcustomer/person/", {"number": number}).status_code == 200
    client.post("/admin/privacy/erasedcustomer/person/erase/", sent_by_form)
    left = set(CustomerSnapshot.objects.values_list("customer_number", flat=True))
    assert left == {*NUMBERS, "7", "900098"} - {number}


def test_the_command_line_erases_it(odd: Snapshot) -> None:
    for number in NUMBERS:
        call_command("erase_person", number, confirm=number, reason="asked")
    assert set(CustomerSnapshot.objects.values_list("customer_number", flat=True)) == {"7", "900098"}
