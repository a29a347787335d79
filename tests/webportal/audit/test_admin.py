"""The audit for administrators: searched by who, whom, what and when, and exported without formulas."""

import csv
from collections.abc import Iterable

import pytest
from django.test import Client

from webportal.accounts.models import User
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record

SEARCH, EXPORT = "/admin/audit/auditevent/", "/admin/audit/auditevent/export/"


@pytest.fixture
def office(administrator: User, agent: User, client: Client) -> Client:
    client.force_login(administrator)
    record(Kind.VIEWED, actor=agent, subjects=["7"])
    record(Kind.SEARCHED, actor=agent, subjects=["7", "8"], details={"typed": "=HYPERLINK(1)"})
    record(Kind.EXPORTED, actor=administrator, subjects=["8"], purpose="=1+1")
    return client


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("who=agent", ["searched", "viewed"]),
        ("whom=8", ["exported", "searched"]),
        ("whom=7&kind=viewed", ["viewed"]),
        ("kind=exported&until=2000-01-01", []),
        ("who=agent&since=2000-01-01", ["searched", "viewed"]),
        ("since=tomorrow", []),
        ("who=nobody", []),
    ],
)
def test_finds_by_who_whom_what_and_when(office: Client, asked: str, kinds: list[str]) -> None:
    page = office.get(f"{SEARCH}?{asked}")
    assert [event.kind for event in page.context["events"]] == kinds


def test_pages_follow_by_key_and_not_by_offset(office: Client, agent: User) -> None:
    AuditEvent.objects.bulk_create(AuditEvent(kind=Kind.VIEWED, actor="agent", subjects=["9"]) for _ in range(150))
    first = office.get(f"{SEARCH}?whom=9")
    assert len(first.context["events"]) == 100
    second = office.get(f"{SEARCH}?whom=9&p={first.context['older'].pk}")
    assert len(second.context["events"]) == 50
    assert not {event.pk for event in first.context["events"]} & {event.pk for event in second.context["events"]}


def exported(response: object) -> list[list[str]]:
    chunks: Iterable[bytes] = getattr(response, "streaming_content", [])
    return list(csv.reader(b"".join(chunks).decode("utf-8-sig").splitlines()))


def test_exports_what_was_found_without_formulas(office: Client) -> None:
    rows = exported(office.post(EXPORT, {"whom": "8", "purpose": "yearly review"}))
    assert rows[0][:5] == ["when", "who", "from", "what", "whom"]
    assert [row[3] for row in rows[1:]] == ["exported", "exported", "searched"]
    assert [row[5] for row in rows[1:]] == ["yearly review", "'=1+1", ""]
    sent, noted = AuditEvent.objects.order_by("-id")[:2]
    assert (noted.kind, noted.purpose, noted.subjects) == (Kind.EXPORTED, "yearly review", ["8"])
    assert (sent.purpose, sent.subjects) == ("yearly review", ["7", "8"])  # who else stands in the events


def test_exports_nothing_without_a_purpose(office: Client) -> None:
    count = AuditEvent.objects.count()
    assert office.post(EXPORT, {"whom": "8"}).headers["Location"] == SEARCH
    assert office.get(EXPORT).status_code == 302
    assert AuditEvent.objects.count() == count


@pytest.mark.parametrize("path", [SEARCH, EXPORT])
def test_supervisors_do_not_see_it(supervisor: User, client: Client, path: str) -> None:
    client.force_login(supervisor)
    assert client.get(path).status_code == 403
