import json
from pathlib import Path

from pyspark.sql import SparkSession

from spark_assets.ingest.inbox import waiting_files
from spark_assets.steps import cleaned_events, inspect_tables
from spark_assets.steps.settings import StepParams
from tests.spark_assets.ingest.samples import NOON, NOW, drop, line, text


def test_facts_account_for_every_line_of_this_batch_and_of_all(spark: SparkSession, tmp_path: Path) -> None:
    params = StepParams(str(tmp_path / "inbox"), str(tmp_path / "lake"), quiet_seconds=0, max_quarantine_percent=100)
    first = text([line(), line(auth="Guest", userId=""), b"{oops", line(page=None), line(ts=NOON + 86_400_000)])
    drop(tmp_path / "inbox", "a.json", first)
    drop(tmp_path / "inbox", "copy of a.json", first)
    result = cleaned_events.run(spark, params)
    expected = {
        "number": 1,
        "files": 2,
        "duplicates": 1,
        "days": 2,
        "read": 5,
        "kept": 2,
        "logged_out": 1,
        "quarantined": 2,
        "quarantined_by_reason": {"broken JSON": 1, "missing page": 1},
    }
    batch = result.facts["batch"]
    assert {name: batch[name] for name in expected} == expected
    assert batch["bytes"] == 2 * len(first)
    assert result.rows == 2
    assert (result.facts["damaged"], result.facts["unsettled"]) == ({}, [])
    assert [file["name"] for file in result.preview] == ["a.json", "copy of a.json"]
    assert waiting_files(params.inbox, params.lake, NOW.replace(year=2100), NOW - NOW).ready == []
    json.dumps(result.as_dict())

    drop(tmp_path / "inbox", "b.json", text([line(song="new", ts=NOON + 1)]))
    again = cleaned_events.run(spark, params)
    assert (again.facts["batch"]["read"], again.facts["total"]["read"], again.rows) == (1, 6, 3)

    idle = cleaned_events.run(spark, params)
    assert (idle.facts["batch"]["files"], idle.facts["batch"]["read"], idle.facts["total"]["read"]) == (0, 0, 6)
    assert idle.preview == []

    seen = inspect_tables.events(spark, params)
    assert (seen.rows, seen.facts["quarantined_rows"], seen.facts["missing_columns"]) == (3, 2, [])
