"""Objects one behind the other on a line, however their writer parts them, are events of their own."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spark_assets.ingest import reading
from spark_assets.ingest.parsing import parse_block
from spark_assets.ingest.reading import Split, read_blocks
from spark_assets.json_scanner.records import record_starts
from spark_assets.json_scanner.scanner import Lines
from spark_assets.lake.ledger import LogFile
from tests.spark_assets.ingest.samples import drop, line

GAPS = ("", " ", "\t ", "\r", "\x1e", "\r\x1e", " \r ")
objects = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=6), st.sampled_from(['}{', '"}{"', "\\", '\\"{'])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
).map(lambda value: json.dumps({"zz": value}).encode())  # fmt: skip


def read(block: bytes) -> tuple[list[object], list[tuple[int, str, bytes]]]:
    """Songs of the rows with the places of their lines, and the bad records with theirs."""
    parsed = parse_block(Lines.of(block))
    places = [parsed.lines.number(int(index)) for index in parsed.line_of_row]
    bad = [(parsed.lines.number(item.index), item.reason, parsed.lines[item.index]) for item in parsed.bad]
    return list(zip(places, parsed.rows["song"].to_pylist(), strict=True)), bad


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(objects, st.sampled_from(GAPS)), min_size=1, max_size=5))
@example([(b'{"zz": "\\\\"}', ""), (b"{}", "")])
def test_every_object_of_a_line_is_found_where_it_begins(parts: list[tuple[bytes, str]]) -> None:
    whole = b"".join(found + gap.encode() for found, gap in parts)
    starts = record_starts(whole)
    ends = [*starts[1:], len(whole)]
    assert [whole[a:b].strip(b" \t\r\x1e") for a, b in zip(starts, ends, strict=True)] == [found for found, _ in parts]


@pytest.mark.parametrize("gap", GAPS)
def test_objects_on_one_line_are_events_with_the_number_of_their_line(gap: str) -> None:
    glued = gap.encode().join(line(song=song) for song in "abc")
    assert read(line(song="first") + b"\n" + glued + b"\n" + line(song="last")) == (
        [(0, "first"), (1, "a"), (1, "b"), (1, "c"), (2, "last")],
        [],
    )


def test_a_record_separator_may_begin_each_line() -> None:
    found, bad = read(b"".join(b"\x1e" + line(song=song) + b"\n" for song in "ab"))
    assert (found, bad) == ([(0, "a"), (1, "b")], [])


def test_of_a_line_cut_short_the_whole_objects_count() -> None:
    found, bad = read(line(song="a") + line(song="b") + line()[:40])
    assert (found, bad) == ([(0, "a"), (0, "b")], [(0, "broken JSON", line()[:40])])


def test_a_broken_object_is_named_beside_good_ones() -> None:
    found, bad = read(line(song="a") + b'{"ts":}' + b'{"song":"\xff"}' + line(song="b"))
    assert found == [(0, "a"), (0, "b")]
    assert bad == [(0, "broken JSON", b'{"ts":}'), (0, "invalid UTF-8", b'{"song":"\xff"}')]


def test_after_a_separator_an_object_begins_whatever_was_cut_before_it() -> None:
    found, bad = read(b'\x1e{"song": "cut\x1e' + line(song="a") + b'\r{"ts": [\r' + line(song="b"))
    assert found == [(0, "a"), (0, "b")]
    assert bad == [(0, "broken JSON", b'{"song": "cut'), (0, "broken JSON", b'{"ts": [')]


def test_a_line_of_json_is_never_divided() -> None:
    assert read(b'{"song":"a","zz":\r{"ts":1}}') == ([(0, "a")], [])


def in_blocks(inbox: Path, content: bytes) -> tuple[list[bytes], int, int]:
    """All records of a file as its blocks bring them, the number of the last line, and bytes left out."""
    path = drop(inbox, "log.json", content)
    records, number, left_out = [], 1, 0
    for block in read_blocks(str(inbox), Split(LogFile(path.name, len(content), 0), 0, len(content), 1)):
        lines = Lines.of(block.data)
        records += list(parse_block(lines).lines)
        number += len(lines) - block.goes_on
        left_out += block.left_out
    return records, number - 1, left_out


@settings(max_examples=200, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=12),
    gaps=st.lists(st.sampled_from(["", "", "", "\n", "\r"]), min_size=12, max_size=12),
    chunk_bytes=st.integers(1, 90),
)
def test_records_are_the_same_however_a_long_line_is_cut(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], gaps: list[str], chunk_bytes: int
) -> None:
    limit = 60
    parts = [json.dumps({"song": "x" * size}).encode() for size in sizes]
    content = b"".join(part + gap.encode() for part, gap in zip(parts, gaps, strict=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK_BYTES", chunk_bytes)
        patch.setattr(reading, "LONGEST_LINE_BYTES", limit)
        records, lines, left_out = in_blocks(tmp_path_factory.getbasetemp(), content)
    assert [record for record in records if record.strip()] == parts
    assert (lines, left_out) == (len(Lines.of(content)), 0)


@settings(max_examples=100, deadline=None)
@given(before=st.integers(0, 3), size=st.integers(80, 200), chunk_bytes=st.integers(1, 90), ends=st.booleans())
def test_a_record_that_is_too_long_is_counted_and_what_follows_it_is_read(
    tmp_path_factory: pytest.TempPathFactory, before: int, size: int, chunk_bytes: int, ends: bool
) -> None:
    small, large = b'{"song":"s"}', json.dumps({"song": "x" * size}).encode()
    content = small * before + large + (b"\n" if ends else b"") + small
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK_BYTES", chunk_bytes)
        patch.setattr(reading, "LONGEST_LINE_BYTES", 60)
        records, lines, left_out = in_blocks(tmp_path_factory.getbasetemp(), content)
    whole = [record for record in records if record.strip()]
    assert whole[:before] == [small] * before
    assert whole[-1] == small
    assert large.startswith(whole[before])
    assert len(whole[before]) + left_out == len(large)
    assert lines == 1 + ends
