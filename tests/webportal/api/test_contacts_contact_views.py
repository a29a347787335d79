"""Contacts by the API: listed and recorded by the rules of the customer page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.webportal.desk.test_worklist import contact
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.api.tokens import NewToken, create_token
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.desk.models import Closing, Contact, Outcome, State, Task, TaskReason
from webportal.desk.services.contacts import correct_contact

NUMBER = "300001"
PATH = f"customers/{NUMBER}/contacts/"
CALL = {"channel": "we called", "outcome": "kept"}

Ask = Callable[..., Any]
Tell = Callable[..., Any]


@pytest.fixture
def tell(token: NewToken) -> Tell:
    """Return what records a contact with the agent's token."""
    return telling_with(token)


def telling_with(token: NewToken) -> Tell:
    client = Client(headers={"Authorization": f"Bearer {token.text}"})

    def telling(told: object, key: str | None = None, path: str = PATH) -> Any:  # noqa: ANN401 - the client's response
        headers = {"Idempotency-Key": str(uuid4()) if key is None else key}
        return client.post(f"/api/v1/{path}", told, content_type="application/json", headers=headers)

    return telling


def test_a_contact_is_recorded_with_what_was_current(tell: Tell, agent: User, snapshot: Snapshot) -> None:
    told = {**CALL, "offered": " three months ", "reason": "price", "words": "too dear\nfor a student"}
    answer = tell(told)
    row = Contact.objects.get()
    assert (answer.status_code, answer.json()["id"]) == (201, row.pk)
    assert (row.customer_number, row.agent, row.channel, row.outcome) == (NUMBER, agent, "we called", Outcome.KEPT)
    assert (row.offered, row.reason, row.words) == ("three months", "price", "too dear\nfor a student")
    assert (row.snapshot_id, row.model_version) == (snapshot.pk, snapshot.model_version)
    assert timezone.now() - row.at < timedelta(minutes=1)


def test_a_contact_closes_tasks_and_is_in_the_audit_with_its_token(
    tell: Tell, token: NewToken, agent: User, snapshot: Snapshot
) -> None:
    task = Task.objects.create(customer_number=NUMBER, reason=TaskReason.AT_RISK, due_on=timezone.now().date())
    tell(CALL)
    task.refresh_from_db()
    assert (task.state, task.closing, task.assignee) == (State.DONE, Closing.OUTCOME, agent)
    event = AuditEvent.objects.get(kind=Kind.CONTACT)
    assert (event.actor, event.subjects) == ("agent", [NUMBER])
    assert event.details == {"contact": Contact.objects.get().pk, "token": token.token.prefix}


def test_a_contact_that_is_sent_twice_is_written_once(tell: Tell, snapshot: Snapshot) -> None:
    at = (timezone.now() - timedelta(hours=3)).isoformat()
    for key, told in enumerate(({**CALL, "at": at, "reason": "price"}, {**CALL, "words": "later"})):
        answers = [tell(told, key=f"call-{key}") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 200]
        assert answers[0].json() == answers[1].json()
    assert Contact.objects.count() == 2
    assert AuditEvent.objects.filter(kind=Kind.CONTACT).count() == 2


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("customers/300002/contacts/", CALL),
        (PATH, {**CALL, "outcome": "left"}),
        (PATH, {**CALL, "words": "more"}),
        (PATH, {**CALL, "at": (timezone.now() - timedelta(days=1)).isoformat()}),
    ],
)
def test_a_key_is_of_one_contact(tell: Tell, snapshot: Snapshot, path: str, told: dict[str, str]) -> None:
    assert tell(CALL, key="1").status_code == 201
    answer = tell(told, key="1", path=path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "key_used")
    assert Contact.objects.get().outcome == Outcome.KEPT


def test_a_key_still_names_a_contact_that_was_corrected(tell: Tell, agent: User, snapshot: Snapshot) -> None:
    made = tell(CALL, key="1").json()
    told = {"channel": "chat", "offered": "", "outcome": "left", "reason": "", "words": "", "at": None}
    correct_contact(agent=agent, contact_id=made["id"], token=uuid4(), told=told)
    again = tell(CALL, key="1")
    assert (again.status_code, again.json()["id"], again.json()["standing"]) == (200, made["id"], False)
    assert Contact.objects.count() == 2


def test_two_users_may_choose_the_same_key(tell: Tell, supervisor: User, snapshot: Snapshot) -> None:
    other = telling_with(create_token(owner=supervisor, name="CRM", lifetime=timedelta(days=1)))
    assert [each(CALL, key="1").status_code for each in (tell, other)] == [201, 201]
    assert set(Contact.objects.values_list("agent__username", flat=True)) == {"agent", "supervisor"}


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 201])
def test_without_a_key_nothing_is_written(tell: Tell, snapshot: Snapshot, key: str) -> None:
    answer = tell(CALL, key=key)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["Idempotency-Key"])
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("told", "field"), [({**CALL, "outcome": "sold"}, "outcome"), ([CALL], "non_field_errors")])
def test_a_wrong_field_is_named_and_nothing_written(tell: Tell, snapshot: Snapshot, told: object, field: str) -> None:
    answer = tell(told)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    assert not Contact.objects.exists()


def test_contacts_come_newest_first_page_by_page(ask: Ask, snapshot: Snapshot) -> None:
    made = [contact(NUMBER, days_ago=day) for day in range(7)]
    Contact.objects.filter(pk__in=[row.pk for row in made[2:5]]).update(at=made[2].at)  # of one moment
    contact("300002")
    contact(NUMBER, standing=False)
    found, after = [], None
    while not found or after:
        body = ask(PATH, limit=2, **({"after": after} if after else {})).json()
        found += [each["id"] for each in body["contacts"]]
        after = body["next"]
    wanted = Contact.objects.filter(customer_number=NUMBER, standing=True).order_by("-at", "-id")
    assert found == [row.pk for row in wanted]
    assert len(found) == 7


def test_a_page_goes_on_behind_a_contact_that_was_corrected_since(ask: Ask, snapshot: Snapshot) -> None:
    for day in range(3):
        contact(NUMBER, days_ago=day)
    body = ask(PATH, limit=1).json()
    Contact.objects.filter(pk=body["contacts"][0]["id"]).update(standing=False)
    assert len(ask(PATH, after=body["next"]).json()["contacts"]) == 2


def test_a_page_of_another_customer_is_refused(ask: Ask, snapshot: Snapshot) -> None:
    for _ in range(2):
        contact(NUMBER)
    after = ask(PATH, limit=1).json()["next"]
    wrong = ask("customers/300002/contacts/", after=after)
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (400, ["after"])
    list_of_customers = ask("customers/", limit=1).json()["next"]
    assert ask(PATH, after=list_of_customers).status_code == 400


@pytest.mark.parametrize("parameters", [{"limit": "0"}, {"limit": "201"}, {"older": "1"}, {"after": "x"}])
def test_a_wrong_parameter_is_named(ask: Ask, snapshot: Snapshot, parameters: dict[str, str]) -> None:
    answer = ask(PATH, **parameters)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, list(parameters))


def test_tells_who_spoke_and_what_was_offered_with_the_notice(tell: Tell, ask: Ask, snapshot: Snapshot) -> None:
    tell({**CALL, "offered": "a month free", "reason": "adverts"})
    tell({**CALL, "outcome": "not reached"})
    body = ask(PATH).json()
    assert [each["outcome"] for each in body["contacts"]] == ["not reached", "kept"]
    kept = body["contacts"][1]
    assert (kept["agent"], kept["offered"], kept["reason"], kept["corrects"]) == (
        "agent",
        "a month free",
        "adverts",
        None,
    )
    assert (body["contacts"][0]["reason"], kept["as_of_date"]) == (None, snapshot.as_of_date.isoformat())
    assert {name: body["fatigue"][name] for name in ("contacts", "within_days", "days_ago")} == {
        "contacts": 1,
        "within_days": 14,
        "days_ago": 0,
    }
    assert body["fatigue"]["last"] == kept
    assert ask("customers/300002/contacts/").json() == {
        "customer_number": "300002",
        "fatigue": None,
        "next": None,
        "contacts": [],
    }


def test_who_left_is_named_no_more(ask: Ask, snapshot: Snapshot) -> None:
    contact(NUMBER)
    assert ask(PATH).json()["contacts"][0]["agent"] is None


def test_the_list_is_noted_and_costs_as_much_for_many(
    ask: Ask, agent: User, snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(5):
        contact(NUMBER, days_ago=day)
    Contact.objects.update(agent=agent)
    ask(PATH)
    event = AuditEvent.objects.get(kind=Kind.VIEWED)
    assert (event.subjects, set(event.details)) == ([NUMBER], {"token"})
    # two counters, token, owner, snapshot, customer, contacts, audit, settings, notice
    with django_assert_num_queries(10):
        ask(PATH)


def test_analysts_neither_read_nor_write(ask: Ask, tell: Tell, snapshot: Snapshot) -> None:
    contact(NUMBER)
    User.objects.update(role=Role.ANALYST)
    pseudonym = f"customers/P{NUMBER}/contacts/"
    answers = [ask(PATH), ask(pseudonym), tell(CALL), tell(CALL, path=pseudonym)]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert {answer.json()["error"]["code"] for answer in answers} == {"permission_denied"}
    assert Contact.objects.count() == 1
    assert AuditEvent.objects.filter(kind=Kind.REFUSED, actor="agent").count() == 4


def test_nobody_reads_or_writes_of_whom_another_team_sees(ask: Ask, tell: Tell, snapshot: Snapshot) -> None:
    contact(NUMBER)
    User.objects.update(team=Team.objects.create(name="elsewhere", places=["Nowhere, XX"]))
    for path in (PATH, "customers/999999/contacts/"):
        for answer in (ask(path), tell(CALL, path=path)):
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_customer")
    assert Contact.objects.count() == 1


def test_before_the_first_publish_there_are_none(ask: Ask, tell: Tell) -> None:
    for answer in (ask(PATH), tell(CALL)):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_snapshot")
