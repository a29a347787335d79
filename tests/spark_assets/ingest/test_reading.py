"""However a file is cut into ranges and chunks, each line is read once and knows its number."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_assets.ingest import reading, survey
from spark_assets.ingest.batch import splits_of
from spark_assets.ingest.reading import Split, open_stream, read_blocks
from spark_assets.ingest.survey import NewContent, SurveyedFile
from spark_assets.json_scanner.scanner import Lines
from spark_assets.lake.ledger import LogFile
from tests.spark_assets.ingest.samples import drop

contents = st.lists(st.sampled_from([b"\n", b"\n", b"\r\n", b"a", b"{}", b"\xff", b"0123456789"]), max_size=30)


def numbered_lines(inbox: Path, splits: Sequence[Split]) -> list[tuple[int, bytes]]:
    found = []
    for split in splits:
        number = split.first_line
        for block in read_blocks(str(inbox), split):
            lines = Lines.of(block.data)
            found += list(enumerate(lines, start=number))
            number += len(lines)
            assert not block.goes_on
    return found


def surveyed(inbox: Path, file: LogFile) -> SurveyedFile:
    ranges = [survey._look(str(inbox), item) for item in survey._ranges(file)]
    return survey._put_together(file, ranges, None)


def surveyed_splits(inbox: Path, file: LogFile) -> list[Split]:
    return list(splits_of(NewContent(surveyed(inbox, file))))


@settings(max_examples=400, deadline=None)
@given(parts=contents, range_bytes=st.integers(1, 25), chunk_bytes=st.integers(1, 12))
def test_any_cut_of_a_file_yields_each_line_once_with_its_number(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], range_bytes: int, chunk_bytes: int
) -> None:
    content = b"".join(parts)
    inbox = tmp_path_factory.getbasetemp()
    path = drop(inbox, "cut.json", content)
    file = LogFile("cut.json", len(content), path.stat().st_mtime_ns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "RANGE_BYTES", range_bytes)
        patch.setattr(survey, "CHUNK_BYTES", chunk_bytes)
        patch.setattr(reading, "CHUNK_BYTES", chunk_bytes)
        found = numbered_lines(inbox, surveyed_splits(inbox, file))
    assert found == list(enumerate(Lines.of(content), start=1))


@settings(max_examples=200, deadline=None)
@given(parts=contents, more=contents, range_bytes=st.integers(1, 25), chunk_bytes=st.integers(1, 12))
def test_what_was_appended_is_read_from_the_last_whole_line(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], more: list[bytes], range_bytes: int, chunk_bytes: int
) -> None:
    before, content = b"".join(parts), b"".join([*parts, *more])
    inbox = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "RANGE_BYTES", range_bytes)
        patch.setattr(reading, "CHUNK_BYTES", chunk_bytes)
        drop(inbox, "grown.json", before)
        old = surveyed(inbox, LogFile("grown.json", len(before), 0))
        drop(inbox, "grown.json", content)
        grown = NewContent(surveyed(inbox, LogFile("grown.json", len(content), 0)), old.whole_lines, old.line_ends)
        found = numbered_lines(inbox, list(splits_of(grown)))
    assert found == list(enumerate(Lines.of(content), start=1))[old.line_ends :]


@settings(max_examples=30, deadline=None)
@given(parts=contents, chunk_bytes=st.integers(1, 12), suffix=st.sampled_from([".json.gz", ".json.bz2"]))
def test_a_packed_file_is_one_range_and_reads_as_its_content(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], chunk_bytes: int, suffix: str
) -> None:
    content = b"".join(parts)
    inbox = tmp_path_factory.getbasetemp()
    path = drop(inbox, f"packed{suffix}", content)
    file = LogFile(path.name, path.stat().st_size, path.stat().st_mtime_ns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey, "RANGE_BYTES", 3)
        patch.setattr(reading, "CHUNK_BYTES", chunk_bytes)
        splits = surveyed_splits(inbox, file)
        assert len(splits) == 1
        assert numbered_lines(inbox, splits) == list(enumerate(Lines.of(content), start=1))


def test_a_gzip_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "members.json.gz"
    path.write_bytes(gzip.compress(b"a\nb") + gzip.compress(b"c\nd\n"))
    file = LogFile(path.name, path.stat().st_size, 0)
    assert numbered_lines(tmp_path, [Split(file, 0, file.size, 1)]) == [(1, b"a"), (2, b"bc"), (3, b"d")]


def test_bytes_that_a_growing_file_gained_after_the_survey_wait(tmp_path: Path) -> None:
    path = drop(tmp_path, "growing.json", b"a\nb\n")
    file = LogFile(path.name, path.stat().st_size, 0)
    path.write_bytes(b"a\nb\nc\nd\n")
    assert numbered_lines(tmp_path, [Split(file, 0, file.size, 1)]) == [(1, b"a"), (2, b"b")]


def test_names_with_spaces_and_letters_of_any_script_open(tmp_path: Path) -> None:
    path = drop(tmp_path, "tag 1/протокол é.json.gz", b"a\n")
    file = LogFile("tag 1/протокол é.json.gz", path.stat().st_size, 0)
    with open_stream(str(tmp_path), file) as stream:
        assert stream.read() == b"a\n"
