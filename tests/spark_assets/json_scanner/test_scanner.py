import json

import pytest

from spark_assets.json_scanner.scanner import Lines, scan
from tests.spark_assets.ingest.samples import event, line


def plain(lines: list[bytes]) -> list[bool]:
    found: list[bool] = scan(Lines.of(b"\n".join(lines)))[1].tolist()
    return found


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\n", [b"a"]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"\n\na\n", [b"", b"", b"a"]),
        (b"a\n\r\n", [b"a", b""]),
        (b"a\rb\n", [b"a\rb"]),
    ],
)
def test_lines_end_with_either_end_and_blank_ones_keep_their_place(block: bytes, lines: list[bytes]) -> None:
    found = Lines.of(block)
    assert [found[index] for index in range(len(found))] == lines


@pytest.mark.parametrize(
    "usual",
    [
        line(),
        line(userId=7),
        line(ts="1543665600000", registration=1_538_331_630_000.0),
        line(userAgent='"Mozilla/5.0 \\ (X11)"', song="Café \t é"),
        json.dumps(event(song="Café")).encode(),
        json.dumps(event(song=None), separators=(",", ":")).encode(),
        line(zz="unknown", yy=1.5, xx=None),
        line(length=-1.25, sessionId="", artist=""),
    ],
    ids=[
        "as usual",
        "number as user",
        "numbers as texts",
        "escapes",
        "ascii",
        "no spaces",
        "unknown keys",
        "odd values",
    ],
)
def test_what_log_writers_write_is_plain(usual: bytes) -> None:
    assert plain([usual, usual]) == [True, True]


def test_song_titles_with_brackets_and_infinities_are_plain() -> None:
    titles = ("Live [at] {home}", "Infected Mushroom", "To Infinity, and beyond", "NaNa", "a \\ b", 'say "}"')
    assert all(plain([line(song=title) for title in titles]))


def test_an_odd_line_leaves_its_neighbours_plain() -> None:
    odd = [b"", b" ", b"{oops", line(zz=[{"a": 1}]), line(zz=True), line(length=1e-7), b"\xef\xbb\xbf" + line()]
    for item in odd:
        assert plain([line(), item, line()]) == [True, False, True]


def test_a_block_of_invalid_utf8_is_plain_only_where_it_is_ascii() -> None:
    ascii_line = line(artist="Zoe")
    assert plain([ascii_line, line(), b'{"song":"\xff"}']) == [True, False, False]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_either_line_end_is_plain(end: bytes) -> None:
    rows, found = scan(Lines.of(line() + (end or b"\n") + line() + end))
    assert found.tolist() == [True, True]
    assert rows.num_rows == 2


@pytest.mark.parametrize("length", range(70))
def test_texts_of_any_length_are_read_whole_at_the_end_of_a_block_too(length: int) -> None:
    title = "é" * (length // 2) + "a" * (length % 2)
    lines = [line(song=title, zz="b" * length), json.dumps({"song": title}, ensure_ascii=False).encode()]
    rows, found = scan(Lines.of(b"\n".join(lines)))
    assert found.all()
    assert rows["song"].to_pylist() == [title, title]


def test_lines_of_another_order_of_keys_read_alike() -> None:
    turned = dict(reversed(event().items()))
    lines = [line(), json.dumps(turned, ensure_ascii=False).encode(), line(), b'{"userIds":"1","page":"Home"}']
    rows, found = scan(Lines.of(b"\n".join(lines)))
    assert found.all()
    first, second, third, last = rows.to_pylist()
    assert first == second == third
    assert last == {**dict.fromkeys(first), "page": "Home"}
