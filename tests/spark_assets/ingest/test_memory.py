"""Whatever a file is like, ingest holds a few blocks and gathered rows of it in memory, never the file."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from spark_assets.json_scanner.scanner import LONGEST_LINE_BYTES
from tests.spark_assets.ingest.samples import drop, line, text

pytestmark = pytest.mark.slow("gigabytes of input, for the peak of memory")

MB = 1_000_000
MAX_GROWN_MB = 450
"""Beside the peak of the process after a small file."""


def write_packed(path: Path, piece: bytes, times: int) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(times):
            file.write(piece)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("memory")
    inbox = home / "inbox"
    drop(inbox, "small.json", text([line(), b"{bad"]))
    with (inbox / "endless.json").open("wb") as file:
        file.truncate(200 * MB)
    write_packed(inbox / "one line.json.gz", b"x" * MB, 1_000)
    write_packed(inbox / "list.json.gz", b"[" + b",".join([line()] * 2_000), 200)
    write_packed(inbox / "bad lines.json.gz", (b"{" + b"x" * 998 + b"\n") * 1_000, 300)
    write_packed(inbox / "short lines.json.gz", b"{\n" * 1_000_000, 1)
    write_packed(inbox / "blank lines.json.gz", b"\n" * MB, 20)
    write_packed(inbox / "glued.json.gz", line() * 1_000, 30)
    write_packed(inbox / "wide rows.json.gz", text([line(song="x" * 1_000, artist="y" * 1_000)] * 500), 200)
    names = ["small.json", *sorted(path.name for path in inbox.iterdir() if path.name != "small.json")]
    command = [sys.executable, "-m", "tests.spark_assets.ingest.peak_memory", str(home), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("name", "read", "kept", "quarantined"),
    [
        ("endless.json", 1, 0, {"line longer than 1 MiB": 1}),
        ("one line.json.gz", 1, 0, {"line longer than 1 MiB": 1}),
        ("list.json.gz", 1, 0, {"JSON array": 1}),
        ("bad lines.json.gz", 300_000, 0, {"broken JSON": 300_000}),
        ("short lines.json.gz", 1_000_000, 0, {"broken JSON": 1_000_000}),
        ("blank lines.json.gz", 0, 0, {}),
        ("glued.json.gz", 30_000, 30_000, {}),
        ("wide rows.json.gz", 100_000, 100_000, {}),
    ],
)
def test_memory_is_bounded_whatever_the_lines_are_like(
    measured: dict[str, Any], name: str, read: int, kept: int, quarantined: dict[str, int]
) -> None:
    found = measured[name]
    assert (found["read"], found["kept"], found["quarantined"]) == (read, kept, quarantined)
    assert found["peak_mb"] - measured["small.json"]["peak_mb"] < MAX_GROWN_MB


def test_bytes_that_are_not_kept_count_as_bad(measured: dict[str, Any]) -> None:
    assert measured["endless.json"]["quarantined_bytes"] == measured["endless.json"]["read_bytes"] == 200 * MB
    assert measured["one line.json.gz"]["quarantined_bytes"] == 1_000 * MB > LONGEST_LINE_BYTES
