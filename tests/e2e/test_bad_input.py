"""What a user gets for input that cannot work: a sentence that says what to do, and everything before it kept."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_assets.lake.sample_logs import SAMPLE_MARK
from tests.e2e.thread import Encore, encore
from tests.webportal.browser.harness import chromium, first_users, serving, sign_in

pytestmark = pytest.mark.slow("ten runs of the command line over bad files; the steps' own tests cover each answer")

DAY = 86_400_000
START = 1_538_352_000_000


def line(user: int, day: int, page: str = "NextSong", **more: object) -> str:
    event: dict[str, object] = {
        "ts": START + day * DAY + user * 1000,
        "userId": str(user),
        "sessionId": user,
        "page": page,
        "auth": "Logged In",
        "level": "free",
        "itemInSession": 1,
        "location": "Linz, OÖ",
        "lastName": "Mozart",
        "firstName": "Nannerl",
        "registration": START - 5 * DAY,
        "gender": "F",
        **more,
    }
    return json.dumps(event, ensure_ascii=False)


@pytest.fixture(scope="module")
def faithful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encore]:
    """Logs in which nobody cancels, with a thousand broken lines and an empty file."""
    with encore(tmp_path_factory.mktemp("faithful")) as made:
        lines = [
            line(user, day, itemInSession=item, artist="A", song="S", length=200.5)
            for user in range(1, 31)
            for day in range(50)
            for item in range(14)
        ]
        (made.inbox / "good.json").write_text("\n".join(lines[1:]), encoding="utf-8")
        (made.inbox / "broken.json").write_text('{"ts": 15383520\n' * 1000 + lines[0], encoding="utf-8")
        (made.inbox / "empty.json").touch()
        done = made.materialize()
        (made.home / "printed").write_text(done.stdout + done.stderr)
        assert done.returncode == 0, done.stdout + done.stderr
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Encore]:
    """An Encore without logs, for what publishes: the snapshot of the other one stays."""
    with encore(tmp_path / "fresh") as made:
        yield made


def test_broken_lines_are_counted_and_kept(faithful: Encore) -> None:
    printed = (faithful.home / "printed").read_text()
    assert "Lines read 22,000 = kept 21,000 + logged out or guest 0 + quarantined 1,000" in printed
    assert "quarantined: broken JSON: 1,000" in printed


def test_model_says_why_there_is_none(faithful: Encore) -> None:
    printed = (faithful.home / "printed").read_text()
    assert "No model was trained: Only 0 of" in printed
    assert "Cancellation Confirmation" in printed
    assert "Traceback" not in printed
    assert "Only 0 of" in faithful.metadata("trained_model")["reason"]


@pytest.mark.browser
def test_portal_shows_customers_without_scores(faithful: Encore) -> None:
    assert faithful.query("SELECT count(*), count(churn_probability) FROM current_customer") == [(30, 0)]
    passwords = first_users(faithful.environment)
    with serving(faithful.environment) as address, chromium() as browser:
        page = browser.new_page()
        sign_in(page, address, "agent", passwords["agent"])
        page.goto(f"{address}/customers/7/")
        assert "Nannerl Mozart" in page.inner_text("main")
        assert "Only 0 of" in page.inner_text("body")


def test_too_much_in_quarantine_stops_the_run(faithful: Encore, tmp_path: Path) -> None:
    inbox, lake = tmp_path / "inbox", tmp_path / "lake"
    inbox.mkdir()
    (inbox / "half.json").write_text(line(1, 1) + "\n{oops\n")
    done = faithful.materialize(ENCORE_LOGS=str(inbox), ENCORE_LAKE=str(lake))
    assert done.returncode == 1
    told = re.search(r"  check cleaned_events.few_in_quarantine failed: (.+)", done.stdout)
    assert told
    assert re.match(r"Of the newest batch 50 % of the lines and [\d.]+ % of their bytes are in quarantine", told[1])
    assert "5 % is the most allowed. Most bad lines: half.json: broken JSON, 1 lines." in told[1]
    assert told[1].endswith("then materialize everything.")
    assert done.stdout.count("half.json") == 1
    assert "The portal says so." in done.stdout
    ((causes,),) = faithful.query("SELECT causes FROM failed_run")
    assert causes == f"cleaned_events_checks: few_in_quarantine: {told[1]}"
    assert not (lake / "daily_activity").exists()
    assert "Traceback" not in done.stdout + done.stderr


def test_a_file_that_is_one_bad_line_stops_the_run(faithful: Encore, tmp_path: Path) -> None:
    inbox, lake = tmp_path / "inbox", tmp_path / "lake"
    inbox.mkdir()
    (inbox / "good.json").write_text(
        "\n".join(line(1, day, itemInSession=item) for day in (1, 2) for item in range(50))
    )
    (inbox / "list.json").write_text(f"[{','.join(line(2, day) for day in range(40))}]")
    done = faithful.materialize(ENCORE_LOGS=str(inbox), ENCORE_LAKE=str(lake))
    assert done.returncode == 1
    assert "check cleaned_events.few_in_quarantine failed" in done.stdout
    assert "list.json" in done.stdout
    assert "JSON array" in done.stdout


def test_a_small_file_without_events_is_named_beside_what_is_published(fresh: Encore) -> None:
    (fresh.inbox / "good.json").write_text("\n".join(line(1, 1, itemInSession=item) for item in range(100)))
    (fresh.inbox / "package.json").write_text('{"name": "logs"}\n')
    done = fresh.materialize()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Lines read 101 = kept 100" in done.stdout
    assert ": 1 customers, 0 scored" in done.stdout
    assert "check cleaned_events.every_file_read failed" in done.stdout
    assert "package.json" in done.stdout


def test_what_is_left_out_is_named_after_the_rest_was_published(fresh: Encore) -> None:
    packed = gzip.compress("".join(line(1, day) + "\n" for day in range(20)).encode())
    (fresh.inbox / "padded.json.gz").write_bytes(packed + b"\0" * 512)
    (fresh.inbox / "cut.json.gz").write_bytes(packed[:-9])
    (fresh.inbox / "plain.json.gz").write_text(line(3, 1) + "\n")
    (fresh.inbox / "x.JSON").write_text(line(4, 1) + "\n")
    done = fresh.materialize()
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Lines read 20 = kept 20" in done.stdout
    assert ": 1 customers, 0 scored" in done.stdout
    assert "Log files passed over: 1\n  x.JSON: its name ends in none of .json" in done.stdout
    assert "Log files DAMAGED, not ingested: 2\n  cut.json.gz: Compressed file ended" in done.stdout
    assert "\n  plain.json.gz: Not a gzipped file" in done.stdout
    assert "check cleaned_events.every_file_read failed: Log files not ingested: 2 damaged, 1 passed" in done.stdout


def test_sample_logs_beside_real_ones_are_refused(faithful: Encore) -> None:
    sample = faithful.inbox / f"{SAMPLE_MARK}2018-10-01.json"
    sample.write_text(line(900, 1) + "\n")
    before = faithful.query("SELECT snapshot_id FROM current_snapshot")
    done = faithful.materialize()
    assert done.returncode == 1
    refusal = f"The lake {faithful.lake} holds other logs than samples and takes no made-up listeners"
    assert f"ingested_logs failed: {refusal}" in done.stdout
    assert "The portal says so." in done.stdout
    ((causes,),) = faithful.query("SELECT causes FROM failed_run")
    assert causes.startswith(f"ingested_logs: {refusal}")
    assert "Traceback" not in done.stdout + done.stderr
    assert faithful.query("SELECT snapshot_id FROM current_snapshot") == before
    sample.unlink()


def test_missing_inbox_is_named(faithful: Encore, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    done = faithful.materialize(ENCORE_LOGS=nowhere)
    assert done.returncode == 1
    assert f"The inbox {nowhere} does not exist." in done.stdout
    assert "The portal says so." in done.stdout
    ((causes,),) = faithful.query("SELECT causes FROM failed_run")
    assert causes.startswith(f"ingested_logs: The inbox {nowhere} does not exist.")
    assert "Traceback" not in done.stdout + done.stderr


def test_wrong_database_is_named_without_its_password(faithful: Encore) -> None:
    before = faithful.query("SELECT count(*) FROM snapshot")
    done = faithful.materialize(DATABASE_URL="postgresql://agent:hush@127.0.0.1:1/churn")
    assert done.returncode == 1
    assert "Cannot reach Postgres at postgresql://127.0.0.1:1/churn" in done.stdout
    assert "The portal could not be told: " in done.stdout
    assert "hush" not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert faithful.query("SELECT count(*) FROM snapshot") == before
