"""The whole way: simulated logs, through Dagster and Spark, into Postgres, to what an agent sees in a browser."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.thread import Encore, encore
from tests.webportal.browser.harness import PageWatch, chromium, first_users, serving, sign_in


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encore]:
    """An Encore that has ingested, trained, scored and published 60 days of 250 simulated listeners."""
    with encore(tmp_path_factory.mktemp("scored")) as made:
        made.simulate(users=250, days=60, seed=7)
        done = made.materialize()
        assert done.returncode == 0, done.stdout + done.stderr
        (made.home / "printed").write_text(done.stdout)
        yield made


@pytest.fixture(scope="module")
def events(scored: Encore) -> list[dict[str, object]]:
    """Every line of the logs, read by other means than Encore's own."""
    lines: list[dict[str, object]] = []
    for path in sorted(scored.inbox.glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            lines += map(json.loads, stream)
    return lines


def test_every_line_is_accounted_for(scored: Encore, events: list[dict[str, object]]) -> None:
    printed = (scored.home / "printed").read_text()
    found = re.search(
        r"Lines read ([\d,]+) = kept ([\d,]+) \+ logged out or guest ([\d,]+) \+ quarantined ([\d,]+)", printed
    )
    assert found, printed
    read, kept, logged_out, quarantined = (int(number.replace(",", "")) for number in found.groups())
    customers = sum(1 for event in events if event["userId"])
    assert (read, kept, logged_out, quarantined) == (len(events), customers, len(events) - customers, 0)


def test_the_counts_stand_in_dagster(scored: Encore, events: list[dict[str, object]]) -> None:
    metadata = scored.metadata("cleaned_events")
    assert metadata["lines_read"] == len(events)
    assert metadata["lines_read"] == (
        metadata["lines_kept"] + metadata["lines_logged_out"] + metadata["lines_quarantined"]
    )
    assert metadata["seconds"] > 0


def test_one_row_for_every_customer_ever_seen(scored: Encore, events: list[dict[str, object]]) -> None:
    numbers = {str(event["userId"]) for event in events if event["userId"]}
    rows = scored.query("SELECT customer_number FROM current_customer")
    assert sorted(number for (number,) in rows) == sorted(numbers)


def test_classic_features_match_a_count_by_hand(scored: Encore, events: list[dict[str, object]]) -> None:
    songs: Counter[str] = Counter()
    days: dict[str, set[int]] = {}
    for event in events:
        if event["page"] == "NextSong":
            number = str(event["userId"])
            songs[number] += 1
            days.setdefault(number, set()).add(int(str(event["ts"])) // 86_400_000)
    rows = scored.query("SELECT customer_number, days_listened, songs_per_day FROM current_customer")
    assert {number: count for number, count, _ in rows if count} == {
        number: len(found) for number, found in days.items()
    }
    for number, count, rate in rows:
        assert rate == (pytest.approx(songs[number] / count) if count else None)


def test_account_age_ends_with_the_logs_or_the_cancellation(scored: Encore, events: list[dict[str, object]]) -> None:
    day = 86_400_000
    last = max(int(str(event["ts"])) // day for event in events)
    registered = {str(e["userId"]): int(str(e["registration"])) // day for e in events if e["userId"]}
    left = {str(e["userId"]): int(str(e["ts"])) // day for e in events if e["page"] == "Cancellation Confirmation"}
    rows = scored.query("SELECT customer_number, account_age_days, cancelled_on IS NOT NULL FROM current_customer")
    assert left
    for number, age, cancelled in rows:
        assert cancelled == (number in left)
        assert age == left.get(number, last) - registered[number]


def test_probabilities_for_the_living_only(scored: Encore) -> None:
    ((wrong,),) = scored.query(
        "SELECT count(*) FROM current_customer WHERE (churn_probability IS NULL) <> (cancelled_on IS NOT NULL) "
        "OR churn_probability NOT BETWEEN 0 AND 1 OR (risk_band IS NULL) <> (churn_probability IS NULL)"
    )
    assert wrong == 0
    assert {band for (band,) in scored.query("SELECT DISTINCT risk_band FROM current_customer")} >= {"high", "low"}


def test_summary_is_of_these_customers(scored: Encore) -> None:
    rows = scored.query("SELECT days_listened, songs_per_day, cancelled_on FROM current_customer")
    ((summary, customers, scored_rows),) = scored.query(
        "SELECT summary, customer_rows, scored_rows FROM snapshot JOIN current_snapshot USING (snapshot_id)"
    )
    assert customers == summary["customers"] == len(rows)
    assert scored_rows == sum(summary["risk_histogram"]) == sum(summary["bands"].values())
    assert scored_rows == summary["active"] == sum(1 for *_, cancelled in rows if cancelled is None)
    assert summary["median_days_listened"] == median(days for days, *_ in rows)
    assert summary["median_songs_per_day"] == pytest.approx(median(rate for _, rate, _ in rows if rate is not None))


def test_again_with_nothing_new_gives_the_same_scores(scored: Encore) -> None:
    before = scored.query("SELECT customer_number, churn_probability FROM current_customer ORDER BY 1")
    done = scored.materialize()
    assert done.returncode == 0, done.stdout + done.stderr
    after = scored.query("SELECT customer_number, churn_probability FROM current_customer ORDER BY 1")
    assert [number for number, _ in after] == [number for number, _ in before]
    assert [p for _, p in after if p is not None] == pytest.approx([p for _, p in before if p is not None], abs=1e-12)
    assert scored.query("SELECT count(*) FROM snapshot") == [(2,)]


@pytest.mark.browser
def test_agent_finds_a_customer(scored: Encore) -> None:
    ((number, probability),) = scored.query(
        "SELECT customer_number, churn_probability FROM current_customer "
        "WHERE churn_probability IS NOT NULL ORDER BY churn_probability DESC LIMIT 1"
    )
    passwords = first_users(scored.environment)
    with serving(scored.environment) as address, chromium() as browser:
        page = browser.new_page()
        watch = PageWatch.on(page, address)
        sign_in(page, address, "agent", passwords["agent"])
        _search(page, number)
        page.wait_for_url(f"**/customers/{number}/")
        percent = f"{probability * 100:.1f}".removesuffix(".0").replace(".", r"\.")
        expect(page.get_by_text(re.compile(rf"\b{percent}(\.0)?\s?%")).first).to_be_visible()
        watch.assert_clean()


def _search(page: Page, number: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
