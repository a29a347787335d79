"""One odd name, one damaged archive or one file of another form never stops the others: it is left out by name."""

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.ingest import survey
from spark_assets.ingest.inbox import NO_LOG_NAME, left_out_files, look_into, waiting_files
from spark_assets.ingest.left_out import DamagedFile, LeftOut, load_left_out, save_left_out
from tests.spark_assets.ingest.lakes import Lake
from tests.spark_assets.ingest.samples import drop, line, text

ODD_NAMES = ["a b.json", "a%20b.json", "a*[b]?.json", "-rf.json", "a|b'\".json", "a\nb.json", "é\u202e.json", "#.json"]


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    (tmp_path / "inbox").mkdir()
    return Lake(spark, tmp_path)


def test_other_endings_are_named_and_unfinished_files_left_alone(tmp_path: Path) -> None:
    for name in ("x.JSON", "x.jsonl", "x.json.zst", "a/notes.txt", "x.json.part", "x.tmp", ".x.json", "_x/a.json"):
        drop(tmp_path, name, b"{}\n")
    found = look_into(str(tmp_path))
    assert found.files == []
    assert found.passed_over == dict.fromkeys(["a/notes.txt", "x.JSON", "x.json.zst", "x.jsonl"], NO_LOG_NAME)


def test_what_cannot_be_read_hides_nothing(tmp_path: Path) -> None:
    drop(tmp_path, "good/a.json", b"{}\n")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.json")).write_bytes(b"{}\n")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "pipe").symlink_to("pipe.json")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "folder.json/up").symlink_to(tmp_path)
    (tmp_path / ".hidden").symlink_to(tmp_path)
    found = look_into(str(tmp_path))
    assert [file.name for file in found.files] == ["good/a.json"]
    assert sorted(found.unreadable) == ["\\xff\\xfe.json", "gone.json", "pipe.json"]
    assert sorted(found.passed_over) == ["folder.json/up", "pipe"]


def test_a_link_to_what_a_hidden_folder_holds_is_followed(tmp_path: Path) -> None:
    drop(tmp_path, ".store/a.json", b"{}\n")
    (tmp_path / ".other").symlink_to(".store")
    (tmp_path / "logs").symlink_to(".store")
    found = look_into(str(tmp_path))
    assert ([file.name for file in found.files], found.passed_over) == (["logs/a.json"], {})


def test_a_pipe_does_not_stop_an_ingest(lake: Lake) -> None:
    drop(lake.inbox, "a.json", text([line(song="a")]))
    os.mkfifo(lake.inbox / "pipe.json")
    result = lake.ingest()
    assert lake.songs() == {"a": 1}
    assert list(result.damaged) == ["pipe.json"]
    assert list(left_out_files(str(lake.inbox), lake.uri)) == ["pipe.json"]


def test_a_file_that_grows_while_it_is_waited_for_is_remembered_until_it_is_read(lake: Lake) -> None:
    drop(lake.inbox, "live.json", text([line()]), int(datetime.now(UTC).timestamp()))
    assert lake.ingest(quiet=timedelta(seconds=60)).unsettled == ["live.json"]
    assert list(left_out_files(str(lake.inbox), lake.uri)) == ["live.json"]
    lake.ingest()
    assert left_out_files(str(lake.inbox), lake.uri) == {}


def test_files_of_any_printable_name_are_ingested(lake: Lake) -> None:
    for number, name in enumerate(ODD_NAMES):
        drop(lake.inbox, name, text([line(song=str(number)), b"{bad"]))
    entry = lake.ingest_batch()
    assert sorted(file["name"] for file in entry["files"]) == sorted(ODD_NAMES)
    assert sum(lake.songs().values()) == len(ODD_NAMES)
    assert sorted(file for file, *_ in lake.quarantine()) == sorted(ODD_NAMES)


def test_zeros_behind_an_archive_are_padding_and_other_damage_is_named(lake: Lake) -> None:
    packed = gzip.compress(text([line(song="a")]))
    wrong = bytearray(packed)
    wrong[-6] ^= 1
    contents = {
        "padded": packed + b"\0" * 2_048, "twice": packed + gzip.compress(text([line(song="b")])), "cut": packed[:-9],
        "crc": bytes(wrong), "garbage": packed + b"garbage", "plain": text([line(song="c")]),
    }  # fmt: skip
    for name, content in contents.items():
        (lake.inbox / f"{name}.json.gz").write_bytes(content)
    result = lake.ingest()
    assert sorted(result.damaged) == ["crc.json.gz", "cut.json.gz", "garbage.json.gz", "plain.json.gz"]
    assert "end-of-stream" in result.damaged["cut.json.gz"]
    assert "Not a gzipped file" in result.damaged["plain.json.gz"]
    assert lake.songs() == {"a": 1, "b": 1}
    assert load_left_out(lake.uri).reasons == result.damaged


def test_a_damaged_file_starts_no_run_until_it_changes(lake: Lake) -> None:
    long_ago = int(datetime.now(UTC).timestamp()) - 3_600
    path = drop(lake.inbox, "day.json.gz", text([line()]), long_ago)
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    os.utime(path, (long_ago, long_ago))
    assert ready(lake) == ["day.json.gz"]
    lake.ingest()
    assert ready(lake) == []
    assert list(left_out_files(str(lake.inbox), lake.uri)) == ["day.json.gz"]
    path.write_bytes(whole)
    os.utime(path, (long_ago + 60, long_ago + 60))
    assert ready(lake) == ["day.json.gz"]
    assert lake.ingest().damaged == {}
    assert load_left_out(lake.uri) == LeftOut()


def ready(lake: Lake) -> list[str]:
    return waiting_files(str(lake.inbox), lake.uri, datetime.now(UTC), timedelta(seconds=60)).ready


@pytest.mark.parametrize("error", [PermissionError(13, "no"), FileNotFoundError(2, "gone")])
def test_a_file_that_cannot_be_opened_is_named(error: OSError) -> None:
    assert survey._damage(error) in ("it may not be read", "it is gone")


def test_an_error_of_the_disk_is_no_damage_of_a_file() -> None:
    with pytest.raises(OSError, match="disk"):
        survey._damage(OSError(5, "disk"))


def test_the_document_is_written_only_when_it_says_something_new(tmp_path: Path) -> None:
    left_out = LeftOut((DamagedFile("a.json.gz", 3, 7, "cut"),), {"x.JSON": NO_LOG_NAME}, ("b.json",))
    save_left_out(str(tmp_path), LeftOut())
    assert list(tmp_path.iterdir()) == []
    save_left_out(str(tmp_path), left_out)
    assert load_left_out(str(tmp_path)) == left_out
    before = (tmp_path / "left_out.json").stat().st_mtime_ns
    save_left_out(str(tmp_path), left_out)
    assert (tmp_path / "left_out.json").stat().st_mtime_ns == before
