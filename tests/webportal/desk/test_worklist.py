"""Who is on the worklist and in which order; who falls out; walks that go on in windows."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.webportal.desk.conftest import known
from tests.webportal.publishing import Row, publish
from webportal.accounts.models import DeskSettings, Team, User
from webportal.customers.models import Snapshot
from webportal.desk.models import Channel, Contact, Outcome, State, Task, TaskReason
from webportal.desk.services.tasks import release
from webportal.desk.worklist import MEMORY, suggestions

Publish = Callable[[list[Row]], Snapshot]


@pytest.fixture
def published(db: None) -> Publish:
    def make(rows: list[Row]) -> Snapshot:
        with connection.cursor() as cursor:
            return Snapshot.objects.get(snapshot_id=publish(cursor, rows))

    return make


def numbers(viewer: User, snapshot: Snapshot, wanted: int = 25, **settings: object) -> list[str]:
    desk = DeskSettings(**settings)
    return [each.number for each in suggestions(viewer, snapshot, desk, wanted)]


def contact(number: str, outcome: Outcome = Outcome.KEPT, *, days_ago: float = 1, standing: bool = True) -> Contact:
    return Contact.objects.create(
        customer_number=number,
        at=timezone.now() - timedelta(days=days_ago),
        channel=Channel.WE_CALLED,
        outcome=outcome,
        token=uuid4(),
        standing=standing,
        snapshot_id=1,
        as_of_date=date(2018, 12, 1),
        horizon_days=14,
    )


def test_ranks_by_risk_times_worth_without_low_risk_and_held_out(agent: User, list_of_six: Snapshot) -> None:
    assert numbers(agent, list_of_six) == ["1", "2", "3", "4"]  # 0.9, 0.5, 0.95 x 0.2, 0.15
    assert numbers(agent, list_of_six, worth_free=1.0) == ["3", "1", "2", "4"]
    assert numbers(agent, list_of_six, worth_free=0.0) == ["1", "2", "4"]
    assert numbers(agent, list_of_six, hold_out_percent=0) == ["6", "1", "2", "3", "4"]
    assert numbers(agent, list_of_six, wanted=2) == ["1", "2"]


def test_names_nobody_when_nothing_is_scored(agent: User, unscored_snapshot: Snapshot) -> None:
    assert numbers(agent, unscored_snapshot) == []


@pytest.mark.parametrize(
    ("outcome", "days_ago", "named"),
    [
        (Outcome.KEPT, 1, False),
        (Outcome.KEPT, 14, False),
        (Outcome.KEPT, 15, True),
        (Outcome.NOT_REACHED, 0, False),
        (Outcome.NOT_REACHED, 1, True),
    ],
)
def test_leaves_in_peace_who_was_reached_lately(
    agent: User, list_of_six: Snapshot, outcome: Outcome, days_ago: float, named: bool
) -> None:
    contact("1", outcome, days_ago=days_ago)
    contact("2", standing=False)
    assert numbers(agent, list_of_six, rest_days=14) == (["1"] if named else []) + ["2", "3", "4"]


def test_leaves_out_who_has_an_open_task(agent: User, list_of_six: Snapshot) -> None:
    today = timezone.now()
    Task.objects.create(customer_number="1", reason=TaskReason.CALL_BACK, due_on=today.date())
    Task.objects.create(
        customer_number="2", reason=TaskReason.AT_RISK, due_on=today.date(), state=State.DONE, closed_at=today
    )
    assert numbers(agent, list_of_six) == ["2", "3", "4"]


def test_keeps_to_the_scope_of_the_team(agent: User, team: Team, list_of_six: Snapshot) -> None:
    team.levels, agent.team = ["free"], team
    assert numbers(agent, list_of_six) == ["3"]


def test_remembers_where_a_walk_found_its_first_customer(agent: User, published: Publish) -> None:
    snapshot = published([known(f"{n:03}", churn_probability=0.9 if n < 30 else 0.5) for n in range(40)])
    for n in range(20):
        contact(f"{n:03}")
    for _ in range(2):
        assert numbers(agent, snapshot, wanted=3) == ["020", "021", "022"]
    assert numbers(agent, snapshot, wanted=40) == [f"{n:03}" for n in range(20, 40)]
    Contact.objects.all().delete()
    assert numbers(agent, snapshot, wanted=1) == ["020"]  # the walk begins at its mark
    assert numbers(agent, snapshot, wanted=1, rest_days=15) == ["000"]  # under other rules it is another walk
    caches[MEMORY].clear()
    assert numbers(agent, snapshot, wanted=1) == ["000"]


def test_who_is_given_back_returns_to_a_place_before_the_mark(agent: User, list_of_six: Snapshot) -> None:
    now = timezone.now()
    task = Task.objects.create(customer_number="1", reason=TaskReason.AT_RISK, due_on=now.date(), assignee=agent)
    assert numbers(agent, list_of_six) == ["2", "3", "4"]
    release(agent=agent, task=task)
    assert numbers(agent, list_of_six) == ["1", "2", "3", "4"]
    contact("1")
    assert numbers(agent, list_of_six) == ["2", "3", "4"]


def test_an_empty_walk_is_remembered_too(agent: User, published: Publish) -> None:
    snapshot = published([known("1")])
    contact("1")
    assert numbers(agent, snapshot) == []
    Contact.objects.all().delete()
    assert numbers(agent, snapshot) == []
    caches[MEMORY].clear()
    assert numbers(agent, snapshot) == ["1"]


def test_each_team_has_a_mark_of_its_own(agent: User, supervisor: User, team: Team, list_of_six: Snapshot) -> None:
    team.levels = ["free"]
    supervisor.team = team
    assert numbers(agent, list_of_six) == ["1", "2", "3", "4"]
    assert numbers(supervisor, list_of_six) == ["3"]
    team.levels = ["paid"]
    assert numbers(supervisor, list_of_six) == ["1", "2", "4"]


def test_each_walk_is_along_an_index(agent: User, list_of_six: Snapshot) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_sort = off")
    with CaptureQueriesContext(connection) as seen:
        numbers(agent, list_of_six)
    reads = [query["sql"] for query in seen if '"customer_snapshot"."level" = ' in query["sql"]]
    assert len(reads) == 2
    for sql in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"explain {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "level_churn_probability" in plan or "customer_snapshot_level" in plan
        assert "Sort" not in plan
