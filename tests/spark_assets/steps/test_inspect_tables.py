import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from spark_assets.errors import DamagedFileError
from spark_assets.steps import cleaned_events, inspect_tables
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.samples import NOON, drop, line, text

DAY_MS = 86_400_000


@pytest.fixture
def params(spark: SparkSession, tmp_path: Path) -> StepParams:
    """Two batches: three events of two days and a bad line, then one event."""
    params = StepParams(inbox=str(tmp_path / "inbox"), lake=str(tmp_path / "lake"), quiet_seconds=0)
    drop(tmp_path / "inbox", "a.json", text([line(), line(song="b"), line(ts=NOON + DAY_MS), b"{oops"]))
    cleaned_events.run(spark, params)
    drop(tmp_path / "inbox", "b.json", text([line(song="c")]))
    cleaned_events.run(spark, params)
    return params


def files_of(params: StepParams, table: str, batch: int) -> list[Path]:
    return sorted(Path(params.lake, table, f"batch={batch:06d}").rglob("*.parquet"))


def test_events_and_quarantine_are_counted_beside_the_ledger(spark: SparkSession, params: StepParams) -> None:
    seen = inspect_tables.events(spark, params)
    assert (seen.rows, seen.facts["quarantined_rows"], seen.facts["missing_columns"]) == (4, 1, [])
    assert (seen.facts["ledger"]["kept"], seen.facts["ledger"]["quarantined"]) == (4, 1)


def test_rows_that_are_gone_are_not_counted(spark: SparkSession, params: StepParams) -> None:
    assert inspect_tables.events(spark, params).facts["differing_batches"] == []
    files_of(params, "cleaned_events", 2)[0].unlink()
    seen = inspect_tables.events(spark, params)
    assert seen.rows == 3
    (told,) = seen.facts["differing_batches"]
    assert told.startswith(
        "Batch 2: its files hold 0 events and 0 bad lines, the ledger says 1 and 0. See that its log"
    )
    assert "withdraw_batch with batch 2, then" in told


def test_a_batch_that_the_ledger_does_not_name_does_not_count(spark: SparkSession, params: StepParams) -> None:
    known = Path(params.lake, "cleaned_events", "batch=000001")
    known.rename(known.with_name("batch=000009"))
    assert inspect_tables.events(spark, params).rows == 1


def test_a_column_that_one_file_lacks_is_named(spark: SparkSession, params: StepParams) -> None:
    (file,) = files_of(params, "cleaned_events", 2)
    table = pq.ParquetFile(file).read()
    pq.write_table(table.drop_columns(["artist", "level"]), file)
    (bad,) = files_of(params, "quarantined_events", 1)
    pq.write_table(pq.ParquetFile(bad).read().drop_columns(["reason"]), bad)
    facts = inspect_tables.events(spark, params).facts
    assert facts["missing_columns"] == ["level", "artist", "reason"]
    assert facts["incomplete_batches"] == [1, 2]


def test_a_lake_without_events_holds_no_rows(spark: SparkSession, tmp_path: Path) -> None:
    seen = inspect_tables.events(spark, StepParams(str(tmp_path / "inbox"), str(tmp_path / "lake")))
    assert (seen.rows, seen.facts["quarantined_rows"], seen.facts["missing_columns"]) == (0, 0, [])


def test_a_damaged_file_is_named(spark: SparkSession, params: StepParams) -> None:
    (file,) = files_of(params, "cleaned_events", 2)
    file.write_bytes(file.read_bytes()[:-4] + b"PAR0")
    with pytest.raises(DamagedFileError, match=file.name) as told:
        run_step("inspect_events", spark, params)
    assert "withdraw_batch with batch 2" in str(told.value)


def test_a_file_of_one_bad_line_does_not_hide_among_the_lines_of_others(spark: SparkSession, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    params = StepParams(inbox=str(inbox), lake=str(tmp_path / "lake"), quiet_seconds=0)
    drop(inbox, "good.json", text([line(song=str(number)) for number in range(100)]))
    drop(inbox, "list.json", b"[" + b",".join(line(song=str(number)) for number in range(50)) + b"]\n")
    drop(inbox, "notes.txt", b"not a log")
    cleaned_events.run(spark, params)
    facts = inspect_tables.events(spark, params).facts
    assert facts["quarantined_percent"] == pytest.approx(0.99)
    assert facts["quarantined_bytes_percent"] == pytest.approx(33, abs=1)
    assert facts["files_without_events_percent"] == 50
    assert facts["files_without_events"] == ["list.json"]
    assert facts["worst"] == [{"file": "list.json", "reason": "JSON array", "lines": 1}]
    assert list(facts["passed_over"]) == ["notes.txt"]


def test_an_entry_of_an_earlier_version_has_no_bytes(spark: SparkSession, params: StepParams) -> None:
    for path in Path(params.lake, "ledger").iterdir():
        entry = json.loads(path.read_text())
        for file in entry["files"]:
            del file["read_bytes"], file["quarantined_bytes"]
        path.write_text(json.dumps(entry))
    assert inspect_tables.events(spark, params).facts["quarantined_bytes_percent"] == 0
