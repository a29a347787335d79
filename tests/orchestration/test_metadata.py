import dagster as dg

from orchestration.metadata import describe, fact, markdown_table
from spark_assets.steps.settings import StepResult


def test_rows_seconds_facts_and_preview() -> None:
    result = StepResult(
        3, {"as_of": "2018-12-01", "bands": {"high": 1}, "trained": True}, [{"column": "songs", "mean": 2}]
    )
    metadata = describe(result, 1.234)
    assert metadata["dagster/row_count"].value == 3
    assert metadata["seconds"].value == 1.23
    assert metadata["as_of"].value == "2018-12-01"
    assert metadata["bands"] == dg.MetadataValue.json({"high": 1})
    assert metadata["trained"] == dg.MetadataValue.bool(True)
    assert metadata["preview"] == dg.MetadataValue.md("| column | mean |\n| --- | --- |\n| songs | 2 |")


def test_no_preview_without_rows() -> None:
    assert "preview" not in describe(StepResult(0), 0.0)


def test_absent_value_reads_none() -> None:
    assert fact(None) == dg.MetadataValue.text("none")


def test_rows_are_drawn_as_a_table() -> None:
    assert fact([{"file": "a.json", "lines": 3}]) == dg.MetadataValue.md(
        "| file | lines |\n| --- | --- |\n| a.json | 3 |"
    )
    assert fact([]) == dg.MetadataValue.json([])
    assert fact(["2018-10-15"]) == dg.MetadataValue.json(["2018-10-15"])


def test_table_of_rows_with_different_keys() -> None:
    assert markdown_table([{"a": 1}, {"b": 2}]).splitlines()[2:] == ["| 1 |  |", "|  | 2 |"]
