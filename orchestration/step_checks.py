"""Asset checks that share one look at a table: the step counts, each check judges one property."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import dagster as dg

from orchestration.metadata import fact
from orchestration.pipeline import Pipeline

Facts = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """One property: its name, what it promises, the test on the facts, and the facts to show when it fails."""

    name: str
    promise: str
    holds: Callable[[Facts], bool]
    shows: tuple[str, ...]
    blocking: bool = True


def step_checks(asset: str, step: str, properties: list[Property]) -> dg.AssetChecksDefinition:
    """Checks of one asset, judged on the facts of one inspecting step (its row count among them, as `rows`)."""

    @dg.multi_asset_check(
        name=f"{asset}_checks",
        specs=[
            dg.AssetCheckSpec(item.name, asset=asset, description=item.promise, blocking=item.blocking)
            for item in properties
        ],
    )
    def check(context: dg.AssetCheckExecutionContext, pipeline: Pipeline) -> Iterator[dg.AssetCheckResult]:
        result, _ = pipeline.run(step, context)
        yield from judge(asset, properties, {"rows": result.rows, **result.facts})

    return check


def judge(asset: str, properties: list[Property], facts: Facts) -> Iterator[dg.AssetCheckResult]:
    """Each property's verdict with the values it was judged on; a property that does not block only warns."""
    for item in properties:
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=item.name,
            passed=item.holds(facts),
            severity=dg.AssetCheckSeverity.ERROR if item.blocking else dg.AssetCheckSeverity.WARN,
            metadata={name: fact(facts[name]) for name in item.shows},
        )
