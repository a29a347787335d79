"""Whatever stands beside a line, it reads as it would alone: what is plain and what is not tell one story."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_assets.ingest.parsing import _MAY_HOLD_RECORDS, ParsedBlock, parse_block, parse_lines
from spark_assets.ingest.validation import trim_numbers
from spark_assets.json_scanner.scanner import LONGEST_LINE_BYTES, Lines
from spark_assets.lake.schema import LOG_FIELDS, RAW_SCHEMA
from tests.spark_assets.ingest.samples import event, line

DEEP = 100_000

ODD_LITERALS = (
    "NaN", "-NaN", "Infinity", "-Infinity", "Inf", "-Inf", "1e999", "-1e999", "1e-999", "01", "1.", ".5", "+1", "-0",
    "0.0", "1540919166796.0", "9007199254740993", "9" * 30, "9" * 400, "9" * 5000, "4.9e-324", "true", "null", "[]",
    "{}", '{"ts": 1}', "[[[[1]]]]", '"', "'a'", '""', '" "', '"12"', '"12.0"', '".5"', '"+7"', '"5."', '" 5"', '"1e5"',
    '"1e999"', '"0x10"', '"nan"', '"inf"', '"Inf"', '"1_0"', '"\\ud800"', '"\\udc00"', '"\\ud83d\\ude00"',
    '"a\\u0000b"', '"\\\\u0000"', '"}\\n{"', '"a\tb"', '"a\x7fb"', '"\\x"', '"}', '{"}', '"é\u2028"', '"Inf,"',
)  # fmt: skip
numeric_texts = st.text("0123456789+-.eExXinfa_ ", max_size=6).map(json.dumps)
literals = st.one_of(
    st.sampled_from(ODD_LITERALS),
    numeric_texts,
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(json.dumps),
    st.text(max_size=8).map(json.dumps),
    st.text(max_size=8).map(lambda value: json.dumps(value, ensure_ascii=False)),
)
keys = st.sampled_from([*(field.key for field in LOG_FIELDS), "method", "zz", "\\u0074s", ""])
spaces = st.sampled_from(["", "", "", " ", "\t", "\r", "\x00"])


@st.composite
def written_objects(draw: st.DrawFn) -> bytes:
    """A JSON object written by hand: any key may be there, twice, or with a value of any kind."""
    pairs = draw(st.lists(st.tuples(keys, literals), max_size=4))
    body = ",".join(f'"{key}":{draw(spaces)}{value}{draw(spaces)}' for key, value in pairs)
    return f"{{{body}}}".encode(errors="replace")


good_lines = st.builds(
    line,
    userId=st.sampled_from(["1", "", 12, 12.0, None]),
    ts=st.sampled_from([1_543_665_600_000, 1_543_665_600_000.5, "1543665600000", "", None]),
    song=st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=8)),
)
broken_lines = st.sampled_from([
    b"{", b"}", b"{}{}", b"null", b"[1]", b'{"ts":1', b'"page":"x"}', b"\xff\xfe{}", b'{"a":"\xff"}', b"\xed\xa0\x80",
    b"\xef\xbb\xbf{}", b'{"song":"a}', b'{b"}', b'{"ts":1}{"ts":2}\x00}', b'{"ts":1} x', b"{}\x0b",
])  # fmt: skip
blocks = st.lists(st.one_of(written_objects(), good_lines, good_lines, broken_lines), min_size=1, max_size=6)


def together(lines: list[bytes]) -> ParsedBlock:
    return parse_block(Lines.of(b"\n".join(lines)))


def line_by_line(lines: list[bytes]) -> ParsedBlock:
    """Each record of each line by the parser of single lines alone."""
    block = Lines.of(b"\n".join(lines))
    doubtful = [bad.index for bad in parse_lines(block, range(len(block))).bad if bad.reason in _MAY_HOLD_RECORDS]
    records = block.divided(doubtful) or block
    parsed = parse_lines(records, range(len(records)))
    return replace(parsed, rows=trim_numbers(parsed.rows))


def assert_same(block: ParsedBlock, expected: ParsedBlock) -> None:
    assert block.rows.schema == RAW_SCHEMA
    block.rows.validate(full=True)
    assert block.rows.to_pylist() == expected.rows.to_pylist()
    assert np.array_equal(block.line_of_row, expected.line_of_row)
    assert block.bad == expected.bad
    assert list(block.lines) == list(expected.lines)


@settings(max_examples=600, deadline=None)
@given(blocks)
def test_a_block_parsed_at_once_reads_as_line_by_line(lines: list[bytes]) -> None:
    assert_same(together(lines), line_by_line(lines))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(good_lines, good_lines, written_objects(), broken_lines), min_size=60, max_size=200))
def test_many_lines_of_all_kinds_read_as_line_by_line(lines: list[bytes]) -> None:
    assert_same(together(lines), line_by_line(lines))


@settings(max_examples=300, deadline=None)
@given(st.lists(numeric_texts, min_size=1, max_size=4))
def test_numbers_written_as_text_read_alike_both_ways(numbers: list[str]) -> None:
    lines = [b'{"ts":"1"}', *(f'{{"ts":{number}}}'.encode() for number in numbers)]
    assert_same(together(lines), line_by_line(lines))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.booleans())
def test_texts_read_alike_both_ways_escaped_or_not(texts: list[str], escaped: bool) -> None:
    lines = [json.dumps({"song": text}, ensure_ascii=escaped).encode(errors="surrogatepass") for text in texts]
    assert_same(together(lines), line_by_line(lines))


@pytest.mark.parametrize("literal", ODD_LITERALS)
@pytest.mark.parametrize("key", ["ts", "userId", "song", "zz"])
def test_an_odd_value_reads_alike_beside_good_lines(key: str, literal: str) -> None:
    odd = f'{{"{key}":{literal}}}'.encode()
    lines = [line(), odd, line(ts="1543665600000")]
    assert_same(together(lines), line_by_line(lines))
    assert_same(together([odd, odd]), line_by_line([odd, odd]))


@pytest.mark.parametrize(
    "deep",
    [
        b'{"a":' * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"song":' + b"[" * DEEP + b"]" * DEEP + b"}",
    ],
    ids=["unterminated", "objects", "arrays", "in a known key"],
)
def test_deep_nesting_is_broken_json_whatever_stands_beside_it(deep: bytes) -> None:
    for lines in ([deep], [line(), deep, line()], [deep, line()]):
        block = together(lines)
        assert [(lines[bad.index], bad.reason) for bad in block.bad] == [(deep, "broken JSON")]
        assert block.rows.num_rows == len(lines) - 1


def test_an_overlong_line_is_refused() -> None:
    block = together([line(), b" " * 9 + line(song="x" * LONGEST_LINE_BYTES), line()])
    assert [(bad.index, bad.reason) for bad in block.bad] == [(1, "line longer than 1 MiB")]
    assert block.line_of_row.tolist() == [0, 2]


def value_of(key: str, value: Any) -> object:  # noqa: ANN401 - JSON is any
    """What becomes of a value: the raw value in the row, or the reason why there is no row."""
    block = together([line(**{key: value})])
    return block.bad[0].reason if block.bad else block.rows.to_pylist()[0][key]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("userId", 300001, "300001"),
        ("userId", 300001.0, "300001"),
        ("userId", 300001.5, "wrong type: userId"),
        ("userId", True, "wrong type: userId"),
        ("userId", 10**40, str(10**40)),
        ("userId", None, None),
        ("userId", "", ""),
        ("ts", "", None),
        ("ts", "1543665600000", 1_543_665_600_000.0),
        ("ts", "1.5436656e12", 1_543_665_600_000.0),
        ("ts", 1_543_665_600_000.25, 1_543_665_600_000.25),
        ("ts", "yesterday", "wrong type: ts"),
        ("ts", False, "wrong type: ts"),
        ("ts", [1], "wrong type: ts"),
        ("ts", 10**400, "wrong type: ts"),
        ("length", float("nan"), "wrong type: length"),
        ("length", float("inf"), "wrong type: length"),
        ("length", "", None),
        ("sessionId", "", None),
        ("song", {"title": "x"}, "wrong type: song"),
        ("song", 1999, "1999"),
        ("song", "Prélude \U0001f3b5 }\n{", "Prélude \U0001f3b5 }\n{"),
        ("song", "nul\x00byte", "nul\x00byte"),
        ("userId", " 900098\t", "900098"),
    ],
)
def test_values_in_the_shapes_seen_in_the_wild(key: str, value: Any, expected: object) -> None:  # noqa: ANN401
    assert value_of(key, value) == expected


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"not json", "broken JSON"),
        (line()[:-1], "broken JSON"),
        (line() + b" x", "broken JSON"),
        (b"[1, 2]", "JSON array"),
        (b"[" + line() + b"," + line() + b"]", "JSON array"),
        (b"[", "JSON array"),
        (b"[" + line() + b",", "JSON array"),
        (line() + b",", "JSON array"),
        (b"],", "JSON array"),
        (b"null", "not a JSON object"),
        (b'{"page":"\xff"}', "invalid UTF-8"),
        (b'{"song":"\\ud800"}', "lone surrogate: song"),
        (b'{"zz":Inf}', "broken JSON"),
        (b'{"zz":-NaN}', "broken JSON"),
    ],
)
def test_bad_lines_are_named_with_their_place_and_reason(bad: bytes, reason: str) -> None:
    block = together([line(), bad, line()])
    assert [(item.index, item.reason) for item in block.bad] == [(1, reason)]
    assert block.line_of_row.tolist() == [0, 2]


def test_of_a_key_given_twice_the_last_value_counts() -> None:
    row = together([b'{"ts":1,"ts":2,"page":"Home"}']).rows.to_pylist()[0]
    assert (row["ts"], row["page"]) == (2.0, "Home")


def test_absent_keys_are_null_and_unknown_keys_left_out() -> None:
    row = together([b'{"page":"Home","zz":{"ts":9}}']).rows.to_pylist()[0]
    assert row == {**dict.fromkeys(RAW_SCHEMA.names), "page": "Home"}


def test_a_byte_order_mark_is_no_part_of_the_line() -> None:
    block = together([b"\xef\xbb\xbf" + line(), line()])
    assert block.bad == []
    assert block.rows["page"].to_pylist() == [event()["page"]] * 2
