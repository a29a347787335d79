"""Whatever a page offers succeeds for whoever sees it: every link is followed, every form sent, every action chosen.

Pages are found from the landing page on, one of each kind. A form is filled as somebody would who fills all of it, and
sent with each of its buttons; what it changed is taken back before the next.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from tests.webportal.desk.conftest import ALWAYS_HELD, known
from tests.webportal.offers import Offers, Sent, gist
from tests.webportal.publishing import pseudonym_of, publish, synthetic_customers
from tests.webportal.test_access import work_of
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Right, Role
from webportal.desk.models import Task
from webportal.saved_filters.models import Audience, SavedFilter

LEFT_OUT = ("second-factor", "recovery-codes", "/charts/", "/static/", "jsi18n")
"""Offers that need a code of a device, or are no page."""

PASSWORD = "correct horse battery"
NUMBER = "300001"
TYPED = {
    "words": "typed",
    "what": "typed",
    "name": "a name",
    "offered": "typed",
    "purpose": "typed",
    "username": "newcomer",
    "number": NUMBER,
    "again": NUMBER,
    "oldpassword": PASSWORD,
    "secret": "s" * 30,
    "address": "https://1.1.1.1/hook",
}
"""What is typed into a field, by its name."""

MOST_PAGES = 200
ERRORS = re.compile(r"(?:told-error|errornote|errorlist|class=\"error)[^>]*>([^<]*)")
"""What pages show of a refusal, with its first words."""


@pytest.fixture
def world(agent: User, supervisor: User, analyst: User, administrator: User, team: Team) -> dict[str, User]:
    """Users of each role, a team, customers of each kind, and work of the agent's."""
    lone = User.objects.create_user("lone", role=Role.SUPERVISOR)
    User.objects.create_superuser("second admin")
    agent.team = analyst.team = supervisor.team = team
    users = {"agent": agent, "supervisor": supervisor, "lone supervisor": lone, "analyst": analyst}
    users["administrator"] = administrator
    for user in users.values():
        user.set_password(PASSWORD)
        user.save()
    rows = [row for row in synthetic_customers(60) if row["customer_number"] not in ("300001", "300002", "300003")]
    rows += [known("300001", churn_probability=0.99), known("300002", churn_probability=0.98)]
    rows += [known("300003", churn_probability=0.97, hold_out_draw=ALWAYS_HELD)]
    with connection.cursor() as cursor:
        publish(cursor, rows)
    work_of(agent)
    Task.objects.create(customer_number="300002", reason="follow up", due_on=timezone.now().date(), assignee=agent)
    SavedFilter.objects.create(owner=agent, name="own", query="band=high", audience=Audience.OWNER)
    return users


def is_left_out(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "http") or any(word in address for word in LEFT_OUT)


def kind_of(address: str) -> tuple[object, ...]:
    """Return what makes a page one of a kind: its view and its first parameters, since lists combine all they have."""
    parts = urlsplit(address)
    match = resolve(parts.path)
    query = parse_qs(parts.query)
    names = sorted(query)[: 1 if match.app_name == "admin" else 2]
    return (match.view_name, match.kwargs.get("object_id", "") == "1", *names, *query.get("show", []))


def is_page(answer: HttpResponse) -> bool:
    return answer.headers["Content-Type"].startswith("text/html")


class Visit:
    """What one user finds: the pages, and what they offer in vain."""

    def __init__(self, user: User) -> None:
        self.browser = Client()
        answer = self.browser.post("/login/", {"login": user.username, "password": PASSWORD})
        assert answer.headers["Location"] == "/"  # a form of the login page would be all there is
        known = NUMBER if user.has_right(Right.SEE_PERSONAL_DATA) else pseudonym_of(NUMBER)
        self.typed = {**TYPED, "owner": str(user.pk), "q": known}
        self._sent: set[tuple[object, ...]] = set()

    def pages(self, *starts: str) -> Iterator[tuple[str, HttpResponse]]:
        """Yield one page of each kind that links, and forms that search, lead to."""
        waiting, seen = [*starts], set()
        while waiting:
            address = waiting.pop(0)
            if is_left_out(address) or "logout" in address or kind_of(address) in seen:
                continue
            seen.add(kind_of(address))
            assert len(seen) < MOST_PAGES, "the walk finds no end"
            answer = self.browser.get(address, follow=True)
            yield address, answer
            if is_page(answer):
                offers = Offers(answer.content.decode())
                waiting += [urljoin(address, link.split("#")[0]) for link in offers.links]
                searches = [form for form in offers.forms if form.method == "get"]
                waiting += [
                    f"{urljoin(address, form.action)}?{urlencode(sent, doseq=True)}"
                    for form in searches
                    for sent in form.fillings(self.typed)
                ]

    def refusals(self, address: str, page: str) -> Iterator[str]:
        """Yield what a page's forms offered in vain."""
        for form in Offers(page).forms:
            target = urljoin(address, form.action)
            if form.method == "post" and not is_left_out(target):
                for sent in form.fillings(self.typed):
                    if gist(target, sent) not in self._sent:
                        self._sent.add(gist(target, sent))
                        cookies = self.browser.cookies.copy()
                        with transaction.atomic():
                            yield from self._send(target, sent)
                            transaction.set_rollback(True)
                        self.browser.cookies = cookies

    def _send(self, target: str, sent: Sent) -> Iterator[str]:
        answer = self.browser.post(target, sent, follow=True)
        shown = b"".join(answer).decode(errors="replace")  # a file, too
        if answer.status_code >= 400 or ERRORS.search(shown):
            told = [" ".join(text.split()) for text in ERRORS.findall(shown)]
            yield f"{target} {sent}: {answer.status_code} {told}"
        elif is_page(answer):
            confirming = [form for form in Offers(shown).forms if form.asks_to_confirm()]
            if confirming and "confirmed" not in sent and "post" not in sent:
                yield from self._send(target, next(confirming[0].fillings({**self.typed, "asked": "typed"})))


STARTS = ("/", "/customers/300001/", "/customers/300003/", "/customers/300008/", "/worklist/?show=open")


@pytest.mark.parametrize("role", ["agent", "analyst", "supervisor", "lone supervisor", "administrator"])
def test_what_is_offered_succeeds(world: dict[str, User], role: str) -> None:
    visit = Visit(world[role])
    refused: list[str] = []
    pages = list(visit.pages(*(STARTS if role != "analyst" else STARTS[:1])))
    for address, answer in pages:
        if answer.status_code >= 400:
            refused.append(f"link to {address}: {answer.status_code}")
        elif is_page(answer):
            shown = urljoin(answer.request["PATH_INFO"], f"?{answer.request['QUERY_STRING']}")
            refused += visit.refusals(shown, answer.content.decode())
    assert len(pages) > 10
    if refused:
        pytest.fail("\n".join(refused))  # whole: an assertion would show the first
