"""Results of steps as Dagster metadata."""

from typing import Any

import dagster as dg

from spark_assets.steps.settings import StepResult


def describe(result: StepResult, seconds: float) -> dict[str, dg.MetadataValue[Any]]:
    """Row count, seconds, every fact, and the preview as a table."""
    metadata: dict[str, dg.MetadataValue[Any]] = {
        "dagster/row_count": dg.MetadataValue.int(result.rows),
        "seconds": dg.MetadataValue.float(round(seconds, 2)),
        **facts_of(result),
    }
    if result.preview:
        metadata["preview"] = dg.MetadataValue.md(markdown_table(result.preview))
    return metadata


def facts_of(result: StepResult) -> dict[str, dg.MetadataValue[Any]]:
    """Every fact by its name."""
    return {name: fact(value) for name, value in result.facts.items()}


def fact(value: object) -> dg.MetadataValue[Any]:
    """A JSON value as the metadata type that Dagster draws best."""
    if isinstance(value, bool):
        return dg.MetadataValue.bool(value)
    if isinstance(value, int):
        return dg.MetadataValue.int(value)
    if isinstance(value, float):
        return dg.MetadataValue.float(value)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return dg.MetadataValue.md(markdown_table(value))
    if isinstance(value, dict | list):
        return dg.MetadataValue.json(value)
    return dg.MetadataValue.text("none" if value is None else str(value))


def markdown_table(rows: list[dict[str, Any]]) -> str:
    """Rows of one shape as a Markdown table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, ["---"] * len(names), *([str(row.get(name, "")) for name in names] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
