"""The worklist's pages: what each shows, when it is empty, and what it costs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from webportal.accounts.models import Team, User
from webportal.audit.models import AuditEvent, Kind
from webportal.customers.models import Snapshot
from webportal.desk.models import Task, TaskReason

NUMBER = re.compile(r'class="line-who" href="/customers/(\w+)/"')
SESSION, USER, SNAPSHOT, SETTINGS, AUDIT = 1, 1, 1, 1, 1
WAITING, WEEK = 1, 2
WALKS, COME_BACK, CUSTOMERS = 2, 1, 1


def task(number: str, assignee: User | None = None) -> Task:
    day = timezone.now().date()
    return Task.objects.create(
        customer_number=number, reason=TaskReason.CALL_BACK, due_on=day, assignee=assignee, words="after six"
    )


def shown(client: Client, show: str = "today") -> list[str]:
    answer = client.get("/worklist/", {"show": show})
    assert answer.status_code == 200
    return NUMBER.findall(answer.content.decode())


def test_today_names_the_queue_first_and_then_who_deserves_a_call(desk: Client, list_of_six: Snapshot) -> None:
    task("4")
    assert shown(desk) == ["4", "1", "2", "3"]
    event = AuditEvent.objects.get(kind=Kind.SEARCHED)
    assert (sorted(event.subjects), event.details) == (["1", "2", "3", "4"], {"worklist": "today"})


def test_each_tab_shows_its_tasks(desk: Client, agent: User, supervisor: User, list_of_six: Snapshot) -> None:
    task("1", agent)
    task("2", supervisor)
    assert (shown(desk, "mine"), shown(desk, "open"), shown(desk, "done")) == (["1"], ["2"], [])
    assert shown(desk, "nothing of the kind") == ["3", "4"]


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("today", "Nobody needs a call now."),
        ("mine", "You have no open task."),
        ("open", "the queue is empty"),
        ("done", "Nothing has been done yet."),
    ],
)
def test_an_empty_list_says_what_that_means(desk: Client, unscored_snapshot: Snapshot, show: str, words: str) -> None:
    assert words in desk.get("/worklist/", {"show": show}).content.decode()


def test_before_the_first_publish_there_is_nothing_to_work(desk: Client) -> None:
    assert "No scores yet" in desk.get("/worklist/").content.decode()


def test_only_those_who_lead_give_work_to_others(
    desk: Client, client: Client, supervisor: User, list_of_six: Snapshot
) -> None:
    assert 'name="number"' not in desk.get("/worklist/").content.decode()
    client.force_login(supervisor)
    page = client.get("/worklist/").content.decode()
    assert page.count('name="number"') == 4
    assert f'<option value="{supervisor.pk}">supervisor</option>' in page


def test_a_team_sees_its_own(desk: Client, agent: User, team: Team, list_of_six: Snapshot) -> None:
    team.levels = ["free"]
    team.save()
    agent.team = team
    agent.save()
    task("2")
    assert shown(desk) == ["3"]


def test_today_costs_as_many_queries_however_long_the_list(desk: Client, list_of_six: Snapshot) -> None:
    desk.get("/worklist/")
    asked = SESSION + USER + SNAPSHOT + SETTINGS + WAITING + WALKS + COME_BACK + CUSTOMERS + WEEK + AUDIT
    with CaptureQueriesContext(connection) as seen:
        desk.get("/worklist/")
    assert len(seen) == asked, [query["sql"][:90] for query in seen]
