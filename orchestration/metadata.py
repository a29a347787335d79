"""Results of steps as Dagster metadata, with calibration and lift of a model drawn as SVG."""

import base64
from collections.abc import Sequence
from itertools import pairwise
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


_SIDE, _EDGE = 320, 44
_INK, _GREY, _BLUE = "#333333", "#bbbbbb", "#2f6fbf"

Row = dict[str, Any]
Point = tuple[float, float]


def model_plots(result: StepResult) -> dict[str, dg.MetadataValue[Any]]:
    """`calibration` and `lift` of the judging window, as pictures; nothing where no model was judged."""
    rows: list[Row] = result.facts.get("reliability") or []
    if not rows:
        return {}
    return {
        "calibration": _markdown("Calibration: observed share of leavers by predicted probability", calibration(rows)),
        "lift": _markdown("Lift: share of all leavers found by share of customers called", lift(rows)),
    }


def calibration(rows: Sequence[Row]) -> str:
    """SVG: each bin's observed share with its interval over the mean probability, beside the diagonal."""
    top = max(0.01, *(max(row["mean_probability"], row["high"]) for row in rows))
    dots = [(row["mean_probability"] / top, row["rate"] / top) for row in rows]
    whiskers = [
        _line((x, row["low"] / top), (x, row["high"] / top), _BLUE) for (x, _), row in zip(dots, rows, strict=True)
    ]
    marks = [_circle(dot) for dot in dots]
    axes = _axes("predicted probability", "share that left", f"{top:.0%}" if top >= 0.1 else f"{top:.1%}")
    return _svg([*axes, _line((0, 0), (1, 1), _GREY), *whiskers, *marks])


def lift(rows: Sequence[Row]) -> str:
    """SVG: of all leavers, the share among the highest scores, over the share of customers; rows come highest first."""
    ordered = sorted(rows, key=lambda row: float(row["mean_probability"]), reverse=True)
    examples, leavers = sum(row["examples"] for row in ordered), max(1, sum(row["leavers"] for row in ordered))
    points: list[Point] = [(0.0, 0.0)]
    asked = found = 0
    for row in ordered:
        asked, found = asked + row["examples"], found + row["leavers"]
        points.append((asked / examples, found / leavers))
    steps = [_line(one, other, _BLUE) for one, other in pairwise(points)]
    axes = _axes("share of customers, highest scores first", "share of leavers", "100%")
    return _svg([*axes, _line((0, 0), (1, 1), _GREY), *steps, *map(_circle, points[1:])])


def _markdown(title: str, svg: str) -> dg.MetadataValue[Any]:
    encoded = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{encoded})")


def _svg(parts: Sequence[str]) -> str:
    size = f'width="{_SIDE}" height="{_SIDE}" viewBox="0 0 {_SIDE} {_SIDE}"'
    ground = f'<rect width="{_SIDE}" height="{_SIDE}" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{ground}{"".join(parts)}</svg>'


def _axes(across: str, up: str, most: str) -> list[str]:
    far = _SIDE - 12
    return [
        _line((0, 0), (1, 0), _INK),
        _line((0, 0), (0, 1), _INK),
        _text(_SIDE / 2, _SIDE - 10, across),
        _text(14, _SIDE / 2, up, turned=True),
        _text(far, _SIDE - _EDGE + 16, most, anchor="end"),
        _text(_EDGE - 4, 20, most, anchor="end"),
        _text(_EDGE - 4, _SIDE - _EDGE + 12, "0", anchor="end"),
    ]


def _place(point: Point) -> tuple[str, str]:
    inner = _SIDE - _EDGE - 16
    return f"{_EDGE + point[0] * inner:.1f}", f"{_SIDE - _EDGE - point[1] * inner:.1f}"


def _line(one: Point, other: Point, colour: str) -> str:
    (x1, y1), (x2, y2) = _place(one), _place(other)
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="1.5"/>'


def _circle(point: Point) -> str:
    x, y = _place(point)
    return f'<circle cx="{x}" cy="{y}" r="3.5" fill="{_BLUE}"/>'


def _text(x: float, y: float, words: str, anchor: str = "middle", *, turned: bool = False) -> str:
    turn = f' transform="rotate(-90 {x:.0f} {y:.0f})"' if turned else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="12" fill="{_INK}" text-anchor="{anchor}"{turn}>{words}</text>'
