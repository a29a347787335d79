import gzip
import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from spark_assets.simulation.output import EVENT_SCHEMA, DailyFile, simulate_events, write_daily_logs
from spark_assets.simulation.settings import SimulationSettings

pytestmark = pytest.mark.spark

SETTINGS = SimulationSettings(users=20, days=4, seed=5)


def _digests(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_same_seed_gives_the_same_bytes_whatever_the_partitioning(spark: SparkSession, tmp_path: Path) -> None:
    for name, tasks in (("a", 1), ("b", 6), ("c", 3)):
        events = simulate_events(spark, SETTINGS, tasks=tasks)
        write_daily_logs(events, str(tmp_path / name), tasks=tasks)

    assert list(_digests(tmp_path / "a")) == [f"encore-sample-2018-10-0{day}.json.gz" for day in (1, 2, 3, 4)]
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b") == _digests(tmp_path / "c")


def test_another_seed_gives_other_bytes(spark: SparkSession, tmp_path: Path) -> None:
    for seed in (5, 6):
        write_daily_logs(simulate_events(spark, SimulationSettings(20, 2, seed)), str(tmp_path / str(seed)))

    first, second = _digests(tmp_path / "5"), _digests(tmp_path / "6")
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def test_files_hold_their_day_in_order_and_the_report_counts_them(spark: SparkSession, tmp_path: Path) -> None:
    files = write_daily_logs(simulate_events(spark, SETTINGS), str(tmp_path))

    for row in files:
        text = gzip.decompress(Path(row["path"]).read_bytes()).decode()
        stamps = [json.loads(line)["ts"] for line in text.splitlines()]
        assert stamps == sorted(stamps)
        assert {stamp // 86_400_000 for stamp in stamps} == {(row["event_date"] - date(1970, 1, 1)).days}
        assert (row["events"], row["bytes"]) == (len(stamps), len(text.encode()))
        assert text.endswith("}\n")


def test_gzip_header_holds_no_time(spark: SparkSession, tmp_path: Path) -> None:
    write_daily_logs(simulate_events(spark, SETTINGS), str(tmp_path))

    assert (tmp_path / "encore-sample-2018-10-01.json.gz").read_bytes()[4:8] == b"\0\0\0\0"


def test_plain_holds_the_same_lines_and_ties_are_in_order_of_text(spark: SparkSession, tmp_path: Path) -> None:
    day = date(2020, 1, 1)
    rows = [(day, 2, "b é"), (day, 1, "z"), (day, 2, "a"), (date(2020, 1, 3), 9, "c")]

    write_daily_logs(spark.createDataFrame(rows, EVENT_SCHEMA), str(tmp_path), plain=True)

    written = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert written == {
        "encore-sample-2020-01-01.json": "z\na\nb é\n",
        "encore-sample-2020-01-03.json": "c\n",
    }


def test_failed_writer_leaves_neither_file_nor_draft(tmp_path: Path) -> None:
    def write_half() -> None:
        with DailyFile(str(tmp_path), "2020-01-01", plain=False) as file:
            file.write(pa.array(["one"]))
            assert [draft.name[0] for draft in tmp_path.iterdir()] == ["."]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()

    assert not list(tmp_path.iterdir())
