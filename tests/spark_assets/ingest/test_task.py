from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from spark_assets.ingest import reading
from spark_assets.ingest.reading import Split
from spark_assets.ingest.task import LineCounts, TaskContext, TaskResult, run_task
from spark_assets.ingest.validation import TimeBounds
from spark_assets.json_scanner.scanner import LONGEST_LINE_BYTES
from spark_assets.lake.ledger import LogFile
from tests.spark_assets.ingest.samples import NOON, NOW, drop, line, text


def ingest(tmp_path: Path, *contents: bytes) -> TaskResult:
    inbox = tmp_path / "inbox"
    splits = []
    for number, content in enumerate(contents):
        path = drop(inbox, f"{number}.json", content)
        splits.append(Split(LogFile(path.name, len(content), 0), 0, len(content), 1))
    sources = {split.file.name: place for place, split in enumerate(splits)}
    context = TaskContext(str(inbox), str(tmp_path / "events"), str(tmp_path / "bad"), TimeBounds.up_to(NOW), sources)
    return run_task(context, 0, splits)


def counts(
    read: int, kept: int, logged_out: int, quarantined: dict[str, int], first_ms: int, last_ms: int
) -> LineCounts:
    return LineCounts(read, kept, 0, logged_out, Counter(quarantined), first_ms, last_ms)


def quarantine(tmp_path: Path, result: TaskResult) -> list[tuple[str, int, str, bytes]]:
    tables = [pq.ParquetFile(tmp_path / "bad" / file.path).read() for file in result.quarantine_files]
    return [(row["file"], row["line"], row["reason"], row["raw"]) for table in tables for row in table.to_pylist()]


def good(number: int) -> bytes:
    return line(ts=NOON + number)


def test_every_line_is_kept_or_logged_out_or_quarantined(tmp_path: Path) -> None:
    lines = [
        line(ts=NOON),
        b"",
        line(auth="Guest", userId="", ts=NOON - 5),
        b"{oops",
        line(page=None),
        b" \r",
        line(ts=9),
    ]
    result = ingest(tmp_path, text(lines))
    bad = {"broken JSON": 1, "missing page": 1, "ts out of range": 1}
    assert result.counts == {"0.json": LineCounts(5, 1, 0, 1, Counter(bad), NOON - 5, NOON)}
    assert quarantine(tmp_path, result) == [
        ("0.json", 4, "broken JSON", b"{oops"),
        ("0.json", 5, "missing page", line(page=None)),
        ("0.json", 7, "ts out of range", line(ts=9)),
    ]
    assert sum(file.rows for file in result.event_files) == 1


def test_numbers_of_bad_lines_count_on_over_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHUNK_BYTES", 700)
    lines = [b"bad" if number % 5 == 0 else line() for number in range(1, 41)]
    result = ingest(tmp_path, text(lines), text(lines[:5]))
    expected = [("0.json", number) for number in range(5, 41, 5)] + [("1.json", 5)]
    assert [(file, number) for file, number, _, _ in quarantine(tmp_path, result)] == expected


def test_a_thousand_broken_lines_all_stand_in_the_quarantine(tmp_path: Path) -> None:
    broken = [b'{"ts": %d, "page": ' % number for number in range(1000)]
    mixed = [item for pair in zip(broken, map(good, range(1000)), strict=True) for item in pair]
    result = ingest(tmp_path, text(mixed))
    counted = result.counts["0.json"]
    assert (counted.read, counted.kept, counted.quarantined) == (2000, 1000, Counter({"broken JSON": 1000}))
    assert [(number, raw) for _, number, _, raw in quarantine(tmp_path, result)] == [
        (2 * position + 1, raw) for position, raw in enumerate(broken)
    ]


def test_a_line_of_more_than_a_megabyte_is_refused_unparsed(tmp_path: Path) -> None:
    frame = len(line(userAgent=""))
    longest, longer = (line(userAgent="x" * (LONGEST_LINE_BYTES - frame + more)) for more in (0, 1))
    result = ingest(tmp_path, text([longest, longer, line()]))
    assert result.counts["0.json"].kept == 2
    assert quarantine(tmp_path, result) == [("0.json", 2, "line longer than 1 MiB", longer[:LONGEST_LINE_BYTES])]


def test_crlf_byte_order_mark_and_a_missing_last_line_end(tmp_path: Path) -> None:
    result = ingest(tmp_path, b"\xef\xbb\xbf" + line() + b"\r\n\r\n" + line() + b"\r\n" + line())
    assert result.counts["0.json"].kept == result.counts["0.json"].read == 3


def test_a_file_of_blank_lines_holds_no_lines(tmp_path: Path) -> None:
    result = ingest(tmp_path, b"\n\r\n  \n")
    assert result == TaskResult({"0.json": LineCounts()}, Counter(), [], [])


def test_counts_of_two_parts_of_a_file_add_up() -> None:
    summed = counts(3, 1, 1, {"x": 1}, 50, 60)
    summed.add(counts(2, 1, 0, {"x": 1}, 40, 55))
    summed.add(LineCounts())
    summed.add(LineCounts(4, 1, 3))
    assert summed == LineCounts(9, 3, 3, 1, Counter({"x": 2}), 40, 60)
