"""Claim, give back, close, give to others, and the way from customer to customer."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.webportal.desk.conftest import sent
from tests.webportal.desk.views.test_worklist import task
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.customers.models import Snapshot
from webportal.desk.models import State, Task, TaskReason

Browser = Callable[[User], Client]


@pytest.fixture
def browser() -> Browser:
    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


def test_of_two_who_claim_one_is_told_who_has_the_customer(
    desk: Client, supervisor: User, browser: Browser, list_of_six: Snapshot
) -> None:
    assert desk.post("/desk/1/claim/").headers["Location"] == "/customers/1/#desk"
    second = browser(supervisor)
    assert second.post("/desk/1/claim/").headers["Location"] == "/worklist/"
    assert "agent has this customer already." in second.get("/worklist/").content.decode()


def test_next_leads_down_the_list_as_outcomes_are_recorded(desk: Client, list_of_six: Snapshot) -> None:
    seen = []
    for _ in range(4):
        place = desk.post("/worklist/next/").headers["Location"]
        number = place.split("/")[2]
        desk.post(f"/desk/{number}/contact/", sent(outcome="kept"))
        seen.append(number)
    assert seen == ["1", "2", "3", "4"]
    assert desk.post("/worklist/next/").headers["Location"] == "/worklist/"
    assert "Nobody is left to call now." in desk.get("/worklist/").content.decode()
    assert set(Task.objects.values_list("state", flat=True)) == {State.DONE}


def test_next_begins_with_what_is_due_of_ones_own_and_then_the_queue(
    desk: Client, agent: User, list_of_six: Snapshot
) -> None:
    task("4")
    task("5", agent)
    assert desk.post("/worklist/next/").headers["Location"] == "/customers/5/#desk"
    assert desk.post("/worklist/next/", {"behind": "5"}).headers["Location"] == "/customers/4/#desk"
    assert Task.objects.get(customer_number="4").assignee == agent


def test_tasks_are_taken_given_back_and_closed(
    desk: Client, agent: User, supervisor: User, browser: Browser, list_of_six: Snapshot
) -> None:
    one = task("1")
    assert desk.post(f"/worklist/tasks/{one.pk}/take/").headers["Location"] == "/customers/1/#desk"
    late = browser(supervisor)
    assert late.post(f"/worklist/tasks/{one.pk}/take/").headers["Location"] == "/worklist/"
    assert "agent has this customer already." in late.get("/worklist/").content.decode()
    desk.post(f"/worklist/tasks/{one.pk}/release/", {"show": "mine"})
    one.refresh_from_db()
    assert one.assignee is None
    assert desk.post(f"/worklist/tasks/{one.pk}/close/", {"show": "//x"}).headers["Location"] == "/worklist/?show=today"
    one.refresh_from_db()
    assert (one.state, one.assignee) == (State.DONE, agent)


@pytest.mark.parametrize("action", ["take", "release", "close"])
def test_nobody_touches_a_task_about_a_customer_of_another_team(
    desk: Client, agent: User, team: Team, list_of_six: Snapshot, action: str
) -> None:
    team.levels = ["free"]
    team.save()
    agent.team = team
    agent.save()
    one = task("1", agent if action == "release" else None)
    assert desk.post(f"/worklist/tasks/{one.pk}/{action}/").status_code == 404
    before, assignee = one.state, one.assignee_id
    one.refresh_from_db()
    assert (one.state, one.assignee_id) == (before, assignee)


def test_supervisors_give_many_at_once(
    agent: User, supervisor: User, team: Team, browser: Browser, list_of_six: Snapshot
) -> None:
    agent.team = team
    agent.save()
    office, one = browser(supervisor), task("2")
    sent_ = {"number": ["1", "3", "6"], "task": [one.pk], "to": agent.pk, "due_on": ""}
    office.post("/worklist/assign/", sent_)
    told = office.get("/worklist/").content.decode()
    assert "3 tasks given. 1 left out: taken, held out or gone." in told
    assert set(Task.objects.filter(assignee=agent).values_list("customer_number", flat=True)) == {"1", "2", "3"}
    for wrong in ({}, {"number": ["4"]}, {"number": ["4"], "to": "999"}, {"task": ["x"], "to": agent.pk}):
        office.post("/worklist/assign/", wrong)
    assert Task.objects.filter(reason=TaskReason.AT_RISK).count() == 2


def test_nobody_gives_work_to_a_stranger_or_without_leading(
    desk: Client, agent: User, supervisor: User, browser: Browser, list_of_six: Snapshot
) -> None:
    day = timezone.now().date().isoformat()
    assert desk.post("/worklist/assign/", {"number": ["1"], "to": agent.pk, "due_on": day}).status_code == 403
    browser(supervisor).post("/worklist/assign/", {"number": ["1"], "to": agent.pk})
    loner = User.objects.create_user("loner", password="correct horse", role=Role.SUPERVISOR)
    browser(loner).post("/worklist/assign/", {"number": ["1"], "to": agent.pk})
    assert not Task.objects.exists()
