"""Files left out of a run, and what reaches mail server and webhook: once for each change of the list."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.run_failures import file_notice
from spark_assets.ingest.inbox import NO_LOG_NAME
from spark_assets.ingest.left_out import DamagedFile, LeftOut, save_left_out
from tests.orchestration.fakes import pipeline
from tests.orchestration.listeners import mail_server, webhook

Look = Callable[[], str]


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENCORE_NOTICE_MAIL_TO", "ENCORE_NOTICE_WEBHOOK", "ENCORE_NOTICE_WEBHOOK_FILE", "ENCORE_DAGSTER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def look(inbox: Path, tmp_path: Path) -> Iterator[Look]:
    """A look of the sensor, with the cursor of the look before; returns what the tick says."""
    cursor: list[str | None] = [None]

    def tick() -> str:
        resources = {"pipeline": pipeline({}, inbox=str(inbox), lake=str(inbox.parent / "lake"))}
        with dg.build_sensor_context(instance, cursor=cursor[0], resources=resources) as context:
            found = file_notice(context)
        if isinstance(found, dg.SkipReason):
            return str(found.skip_message)
        assert isinstance(found, dg.SensorResult)
        assert not found.run_requests
        cursor[0] = found.cursor
        assert isinstance(found.skip_reason, dg.SkipReason)
        return str(found.skip_reason.skip_message)

    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield tick


def damage(inbox: Path, name: str) -> DamagedFile:
    """Put a file there that the last ingest found damaged."""
    path = inbox / name
    path.write_bytes(b"\x1f\x8b")
    return DamagedFile(name, 2, path.stat().st_mtime_ns, "it is cut")


def test_each_change_of_the_list_is_told_once(look: Look, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = str(inbox.parent / "lake")
    with webhook() as (address, posts):
        monkeypatch.setenv("ENCORE_NOTICE_WEBHOOK", f"http://{address}/")
        monkeypatch.setenv("ENCORE_DAGSTER_URL", "https://dagster.example.org/")
        for _ in range(3):
            look()
        assert posts == []
        (inbox / "live.json").touch()
        (inbox / "day.JSON").touch()
        save_left_out(lake, LeftOut((damage(inbox, "a.json.gz"),), {}, ("live.json", "moved away.json")))
        for _ in range(5):
            look()
        (post,) = posts
        assert post["text"].splitlines() == [
            "Encore: files not ingested: 3",
            f"Inbox: {inbox}",
            "",
            "a.json.gz: it is cut",
            f"day.JSON: {NO_LOG_NAME}",
            "live.json: it was still being written when the last run read the inbox",
            "",
            "Put whole copies in place of damaged files, and rename or remove the others. All else is ingested.",
            "Dagster: https://dagster.example.org/assets/cleaned_events",
        ]
        assert post["encore"] == {"left_out_files": "3"}
        (inbox / "a.json.gz").write_bytes(b"a whole copy")
        (inbox / "day.JSON").unlink()
        save_left_out(lake, LeftOut())
        for _ in range(5):
            look()
    assert len(posts) == 2
    assert "No file is left out any more." in posts[1]["text"]


def test_a_name_that_is_gone_at_the_next_look_is_not_told(
    look: Look, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with webhook() as (address, posts):
        monkeypatch.setenv("ENCORE_NOTICE_WEBHOOK", f"http://{address}/")
        (inbox / "day.json.upload-7").touch()
        look()
        (inbox / "day.json.upload-7").rename(inbox / "day.json")
        for _ in range(3):
            look()
    assert posts == []


def test_many_names_are_counted_and_control_characters_escaped(
    look: Look, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        (inbox / f"{number:02}\n.txt").touch()
    with webhook() as (address, posts):
        monkeypatch.setenv("ENCORE_NOTICE_WEBHOOK", f"http://{address}/")
        look()
        look()
    lines = posts[0]["text"].splitlines()
    assert lines[3] == f"00\\n.txt: {NO_LOG_NAME}"
    assert lines[23] == "and 10 more"


def test_a_channel_that_is_away_is_told_later_and_the_other_once(
    look: Look, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "x.csv").touch()
    monkeypatch.setenv("ENCORE_NOTICE_MAIL_TO", "ops@example.org")
    monkeypatch.setenv("ENCORE_MAIL_FROM", "encore@example.org")
    monkeypatch.setenv("EMAIL_URL", "smtp+plain://127.0.0.1:1")
    with webhook() as (hook, posts), mail_server() as (mail, mails):
        monkeypatch.setenv("ENCORE_NOTICE_WEBHOOK", f"http://{hook}/")
        look()
        for _ in range(3):
            assert "mail by 127.0.0.1: ConnectionRefusedError" in look()
        assert (len(posts), len(mails)) == (1, 0)
        monkeypatch.setenv("EMAIL_URL", f"smtp+plain://{mail}")
        look()
        look()
    assert (len(posts), len(mails)) == (1, 1)
    assert "x.csv" in mails[0]


def test_nobody_to_tell_and_no_inbox(look: Look, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "names anybody" in look()
    monkeypatch.setenv("ENCORE_NOTICE_WEBHOOK", "http://127.0.0.1:1/")
    inbox.rmdir()
    assert "does not exist" in look()
