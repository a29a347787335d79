from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from spark_assets.ingest import survey as survey_module
from spark_assets.ingest.inbox import discover
from spark_assets.ingest.survey import SurveyedFile, SurveyedRange, survey
from tests.spark_assets.ingest.samples import drop, line, text


def look(spark: SparkSession, inbox: Path) -> dict[str, SurveyedFile]:
    return {item.file.name: item for item in survey(spark, str(inbox), discover(str(inbox)))}


def look_here(inbox: Path, name: str) -> SurveyedRange:
    """Look at one file without Spark."""
    file = next(file for file in discover(str(inbox)) if file.name == name)
    return survey_module._look(str(inbox), next(survey_module._ranges(file)))


def test_files_come_back_in_the_order_given_with_hash_and_line_ends(spark: SparkSession, tmp_path: Path) -> None:
    drop(tmp_path, "b.json", b"x\ny")
    drop(tmp_path, "a.json", b"x\ny\n")
    drop(tmp_path, "c/again.json", b"x\ny\n")
    drop(tmp_path, "empty.json", b"")
    files = list(reversed(discover(str(tmp_path))))
    found = survey(spark, str(tmp_path), files)
    assert [item.file for item in found] == files
    by_name = look(spark, tmp_path)
    assert by_name["a.json"].content_hash == by_name["c/again.json"].content_hash
    assert len({item.content_hash for item in by_name.values()}) == 3
    ends = {name: (item.line_ends, item.whole_lines) for name, item in by_name.items()}
    assert ends == {"a.json": (2, 4), "b.json": (1, 2), "c/again.json": (2, 4), "empty.json": (0, 0)}


def test_without_files_no_job_runs(spark: SparkSession, tmp_path: Path) -> None:
    assert survey(spark, str(tmp_path), []) == []


def test_large_plain_files_are_cut_and_packed_ones_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_module, "RANGE_BYTES", 10)
    drop(tmp_path, "plain.json", b"0123456789" * 3)
    drop(tmp_path, "packed.json.gz", line() * 50)
    plain, packed = reversed(discover(str(tmp_path)))
    assert [(item.start, item.end) for item in survey_module._ranges(plain)] == [(0, 10), (10, 20), (20, 30)]
    assert [(item.start, item.end) for item in survey_module._ranges(packed)] == [(0, packed.size)]


@pytest.mark.parametrize("range_bytes", [3, 10, 100])
def test_a_file_that_was_appended_to_is_told_from_one_that_changed(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, range_bytes: int
) -> None:
    monkeypatch.setattr(survey_module, "RANGE_BYTES", range_bytes)
    before = {"kept.json": b"0123456789", "changed.json": b"012345678x", "at edge.json": b"012345"}
    for name, content in before.items():
        drop(tmp_path, name, content)
    old = {name: item.content_hash for name, item in look(spark, tmp_path).items()}
    for name, content in before.items():
        drop(tmp_path, name, content.replace(b"x", b"y") + b"and more")
    sizes = {name: len(content) for name, content in before.items()}
    grown = survey(spark, str(tmp_path), discover(str(tmp_path)), sizes)
    same = {item.file.name: item.prefix_hash == old[item.file.name] for item in grown}
    assert same == {"kept.json": True, "changed.json": False, "at edge.json": True}
    fresh = {item.file.name: item.content_hash for item in survey(spark, str(tmp_path), discover(str(tmp_path)))}
    assert {item.file.name: item.content_hash for item in grown} == fresh


@pytest.mark.parametrize("suffix", ["json.gz", "json.bz2"])
def test_a_packed_file_that_breaks_off_is_damaged(tmp_path: Path, suffix: str) -> None:
    path = drop(tmp_path, f"day.{suffix}", text([line(song=f"song {n}") for n in range(500)]))
    assert look_here(tmp_path, path.name).damage is None
    whole = path.read_bytes()
    for cut in (len(whole) // 2, len(whole) - 1, 5):
        path.write_bytes(whole[:cut])
        assert look_here(tmp_path, path.name).damage
    path.write_bytes(b"this was never packed")
    assert look_here(tmp_path, path.name).damage


def test_plain_text_is_never_damaged(tmp_path: Path) -> None:
    drop(tmp_path, "day.json", b"\x00\xff not json")
    assert look_here(tmp_path, "day.json").damage is None
