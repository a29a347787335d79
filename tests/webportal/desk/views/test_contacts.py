"""The forms of the customer page, sent as a browser sends them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.webportal.desk.conftest import sent
from tests.webportal.desk.test_worklist import contact
from webportal.accounts.models import Team, User
from webportal.customers.models import Snapshot
from webportal.desk.models import Contact, Note, Outcome, Task

SESSION, USER, SNAPSHOT, CUSTOMER, AUDIT = 1, 1, 1, 1, 1
SAVEPOINTS, SETTINGS, LOOKUP, INSERT, TASKS = 4, 1, 1, 1, 1
TOKEN = re.compile(r'name="token" value="([0-9a-f-]{36})"')


def text(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def test_one_click_records_and_leads_to_the_panel(desk: Client, list_of_six: Snapshot, agent: User) -> None:
    token = TOKEN.findall(desk.get("/customers/1/").content.decode())[0]
    answer = desk.post("/desk/1/contact/", sent(token=token, offered="three months at half price"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/customers/1/#desk")
    page = text(desk.get("/customers/1/").content)
    assert "Recorded: Kept." in page
    assert "In contact today: We called, agent. Offered: three months at half price. 1 contact within 14 days." in page
    assert Contact.objects.get().agent == agent


def test_the_same_form_twice_says_so_and_writes_once(desk: Client, list_of_six: Snapshot) -> None:
    fields = sent()
    answers = [desk.post("/desk/1/contact/", fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert "This was recorded already. Nothing was written twice." in text(desk.get("/customers/1/").content)
    assert Contact.objects.count() == 1


def test_what_is_wrong_is_said_beside_what_was_typed(desk: Client, list_of_six: Snapshot) -> None:
    answer = desk.post("/desk/1/contact/", sent(outcome="", words="told me of her dog"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This field is required." in page
    assert "told me of her dog" in page
    assert not Contact.objects.exists()


@pytest.mark.parametrize("kind", ["contact", "note", "task", "claim"])
def test_nobody_writes_about_a_customer_they_do_not_see(
    desk: Client, agent: User, team: Team, list_of_six: Snapshot, kind: str
) -> None:
    team.levels = ["free"]
    team.save()
    agent.team = team
    agent.save()
    day = timezone.now().date().isoformat()
    fields = sent(words="x", why="call back", due_on=day)
    assert desk.post(f"/desk/1/{kind}/", fields).status_code == 404
    assert [model.objects.count() for model in (Contact, Note, Task)] == [0, 0, 0]
    assert desk.post(f"/desk/3/{kind}/", fields).status_code == 302


def test_analysts_neither_write_nor_read(client: Client, analyst: User, list_of_six: Snapshot) -> None:
    client.force_login(analyst)
    contact("1")
    for number in ("1", "P1"):
        assert client.post(f"/desk/{number}/contact/", sent()).status_code == 403
    page = client.get("/customers/" + "x" + "/").content.decode()
    assert "At the desk" not in page
    assert Contact.objects.count() == 1


def test_an_own_entry_is_corrected_on_a_page_of_its_own(desk: Client, list_of_six: Snapshot) -> None:
    desk.post("/desk/1/contact/", sent(offered="a month free"))
    old = Contact.objects.get()
    assert f"/desk/contacts/{old.pk}/" in desk.get("/customers/1/").content.decode()
    page = desk.get(f"/desk/contacts/{old.pk}/").content.decode()
    assert "a month free" in page
    fields = sent(token=TOKEN.findall(page)[0], outcome="left", offered="a month free")
    assert desk.post(f"/desk/contacts/{old.pk}/", fields).headers["Location"] == "/customers/1/#desk"
    shown = text(desk.get("/customers/1/").content)
    assert "corrected" in shown
    assert list(Contact.objects.filter(standing=True).values_list("outcome", flat=True)) == [Outcome.LEFT]
    assert desk.get(f"/desk/contacts/{old.pk}/").status_code == 302


def test_an_own_entry_is_undone_from_the_panel_and_from_its_page(desk: Client, list_of_six: Snapshot) -> None:
    desk.post("/desk/1/claim/")
    for page in ("/customers/1/", "/desk/contacts/{pk}/"):
        desk.post("/desk/1/contact/", sent())
        row = Contact.objects.latest("pk")
        address = f"/desk/contacts/{row.pk}/withdraw/"
        assert f'action="{address}"' in desk.get(page.format(pk=row.pk)).content.decode()
        assert desk.post(address).headers["Location"] == "/customers/1/#desk"
        assert "Undone: the entry counts no longer." in text(desk.get("/customers/1/").content)
    assert not Contact.objects.filter(standing=True).exists()
    assert "None yet." in text(desk.get("/customers/1/").content)
    desk.post(address)
    assert "Only your own entries of the last 24 hours can be withdrawn" in text(desk.get("/customers/1/").content)


def test_nobody_corrects_what_is_not_theirs_or_old(desk: Client, agent: User, list_of_six: Snapshot) -> None:
    foreign = contact("1")
    assert desk.get(f"/desk/contacts/{foreign.pk}/").status_code == 404
    Contact.objects.filter(pk=foreign.pk).update(agent=agent, recorded_at=timezone.now() - timedelta(hours=25))
    assert desk.get(f"/desk/contacts/{foreign.pk}/").status_code == 302
    assert f"/desk/contacts/{foreign.pk}/" not in desk.get("/customers/1/").content.decode()


def test_tasks_stand_on_the_page(desk: Client, list_of_six: Snapshot) -> None:
    day = (timezone.now().date() + timedelta(days=3)).isoformat()
    desk.post("/desk/1/task/", {"why": "call back", "due_on": day, "what": "after six", "mine": "on"})
    page = desk.get("/customers/1/").content.decode()
    assert "Asked to be called back" in page
    assert "after six" in page
    assert desk.post("/desk/1/task/", {"why": "call back", "due_on": "2018-01-01"}).status_code == 400


def test_the_panel_says_who_is_held_out_and_offers_no_claim(desk: Client, list_of_six: Snapshot) -> None:
    page = text(desk.get("/customers/6/").content)
    assert "Hold-out: do not call proactively." in page
    assert "Claim this customer" not in page
    assert "Claim this customer" in text(desk.get("/customers/1/").content)


def test_recording_costs_as_many_queries_each_time(
    desk: Client, list_of_six: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk.get("/customers/1/")
    asked = SESSION + USER + SNAPSHOT + CUSTOMER + SAVEPOINTS + SETTINGS + LOOKUP + INSERT + TASKS + AUDIT
    with django_assert_num_queries(asked):
        desk.post("/desk/1/contact/", sent())
