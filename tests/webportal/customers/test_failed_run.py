"""What every page says while the newest run has failed."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from webportal.accounts.models import User
from webportal.customers.models import FailedRun, Snapshot
from webportal.customers.selectors import get_shown

FAILED = "The run of 2 Dec 2018 04:31 UTC failed: nothing newer can be shown."
CAUSE = "user_features: The file <b>x.parquet</b> is damaged."


@pytest.fixture
def failure(snapshot: Snapshot) -> FailedRun:
    return FailedRun.objects.create(
        dagster_run_id="1b2c", failed_at=datetime(2018, 12, 2, 4, 31, 7, 250_000, tzinfo=UTC), causes=CAUSE
    )


def page(user: User, path: str = "/") -> str:
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/", "/customers/", "/customers/300001/", "/account/"])
def test_an_agent_reads_of_which_day_the_scores_are_and_that_the_run_failed(
    agent: User, failure: FailedRun, path: str
) -> None:
    text = page(agent, path)
    assert "<strong>Scores of 1 Dec 2018.</strong>" in text
    assert FAILED in text
    assert "What failed" not in text
    assert "x.parquet" not in text


def test_its_days_are_written_for_the_reader(desk: Client, failure: FailedRun) -> None:
    text = desk.get("/account/", headers={"Accept-Language": "en-US"}).content.decode()
    assert "Scores of Dec 1, 2018." in text
    assert "The run of Dec 2, 2018 04:31 UTC failed" in text


@pytest.mark.parametrize("who", ["agent", "supervisor", "analyst"])
def test_everybody_reads_it_and_nobody_but_administrators_the_cause(
    request: pytest.FixtureRequest, failure: FailedRun, who: str
) -> None:
    text = page(request.getfixturevalue(who))
    assert FAILED in text
    assert "x.parquet" not in text


def test_an_administrator_reads_the_failed_steps_own_words(administrator: User, failure: FailedRun) -> None:
    text = page(administrator, "/account/")
    assert FAILED in text
    assert "user_features: The file &lt;b&gt;x.parquet&lt;/b&gt; is damaged." in text


def test_a_run_that_failed_after_it_had_published_is_told_so(
    agent: User, snapshot: Snapshot, failure: FailedRun
) -> None:
    FailedRun.objects.update(dagster_run_id=snapshot.dagster_run_id)
    assert "published them and failed afterwards" in page(agent)


def test_nothing_is_said_while_all_is_well(agent: User, snapshot: Snapshot) -> None:
    assert "notice-failed" not in page(agent)


def test_it_costs_no_query_of_its_own(failure: FailedRun, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    get_shown()
    with django_assert_num_queries(1):
        found = get_shown().failed_run
    assert found is not None
    assert (found.dagster_run_id, found.failed_at, found.causes) == ("1b2c", failure.failed_at, CAUSE)
