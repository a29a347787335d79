"""Notes on the customer page, as a browser sends them: written, given other words, withdrawn."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.webportal.desk.views.test_contacts import TOKEN, text
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.desk.models import Note


@pytest.fixture
def note(desk: Client, list_of_six: Snapshot) -> Note:
    desk.post("/desk/1/note/", {"token": str(uuid4()), "words": "prefers <b>mail</b>"})
    return Note.objects.get()


def page_of(client: Client) -> str:
    return client.get("/customers/1/").content.decode()


def test_a_note_stands_on_the_page(desk: Client, note: Note) -> None:
    assert "prefers &lt;b&gt;mail&lt;/b&gt;" in page_of(desk)
    assert "edited" not in text(page_of(desk).encode())
    assert desk.post("/desk/1/note/", {"token": str(uuid4()), "words": " "}).status_code == 400


def test_who_wrote_a_note_gives_it_other_words(desk: Client, note: Note) -> None:
    Note.objects.update(written_at=timezone.now() - timedelta(days=400))
    address = f"/desk/notes/{note.pk}/"
    assert f'href="{address}"' in page_of(desk)
    form = desk.get(address).content.decode()
    assert "prefers &lt;b&gt;mail&lt;/b&gt;</textarea>" in form
    sent = {"token": TOKEN.findall(form)[0], "words": "prefers a call"}
    for _ in range(2):
        answer = desk.post(address, sent)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/customers/1/#desk")
    page = text(page_of(desk).encode())
    assert "prefers a call" in page
    assert f"edited {timezone.now():%-d %b %Y}" in page
    assert "prefers &lt;b&gt;" not in page
    assert Note.objects.count() == 2
    event = AuditEvent.objects.filter(kind=Kind.NOTE).first()
    assert event is not None
    assert (event.actor, event.subjects) == ("agent", ["1"])


def test_what_is_wrong_is_said_beside_what_was_typed(desk: Client, note: Note) -> None:
    answer = desk.post(f"/desk/notes/{note.pk}/", {"token": str(uuid4()), "words": "x" * 2_001})
    assert answer.status_code == 400
    assert "Nothing was saved yet" in answer.content.decode()
    assert "x" * 2_001 in answer.content.decode()
    assert Note.objects.get().words == "prefers <b>mail</b>"


def test_a_note_is_withdrawn_from_its_page(desk: Client, note: Note) -> None:
    assert f'action="/desk/notes/{note.pk}/withdraw/"' in desk.get(f"/desk/notes/{note.pk}/").content.decode()
    answer = desk.post(f"/desk/notes/{note.pk}/withdraw/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/customers/1/#desk")
    page = text(page_of(desk).encode())
    assert "Note withdrawn." in page
    assert "prefers" not in page
    assert Note.objects.get().words == "prefers <b>mail</b>"


def test_who_comes_too_late_is_told_so(desk: Client, note: Note) -> None:
    desk.post(f"/desk/notes/{note.pk}/withdraw/")
    page_of(desk)
    assert desk.get(f"/desk/notes/{note.pk}/").status_code == 302
    desk.post(f"/desk/notes/{note.pk}/", {"token": str(uuid4()), "words": "again"})
    desk.post(f"/desk/notes/{note.pk}/withdraw/")
    assert text(page_of(desk).encode()).count("Only your own notes can be changed, as they stand now.") == 3
    assert Note.objects.count() == 1


def test_nobody_changes_a_note_of_somebody_else(client: Client, administrator: User, note: Note) -> None:
    client.force_login(administrator)
    assert f"/desk/notes/{note.pk}/" not in page_of(client)
    sent = {"token": str(uuid4()), "words": "x"}
    for path in (f"/desk/notes/{note.pk}/", f"/desk/notes/{note.pk}/withdraw/", "/desk/notes/999/"):
        assert client.post(path, sent).status_code == 404
    assert Note.objects.get().standing


def test_nobody_changes_what_they_may_see_no_more(desk: Client, agent: User, team: Team, note: Note) -> None:
    team.levels = ["free"]
    team.save()
    User.objects.update(team=team)
    for status in (404, 403):
        for path in (f"/desk/notes/{note.pk}/", f"/desk/notes/{note.pk}/withdraw/"):
            assert desk.post(path, {"token": str(uuid4()), "words": "x"}).status_code == status
        User.objects.update(role=Role.ANALYST)
    assert Note.objects.get().standing
