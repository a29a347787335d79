"""Assets and checks made of steps: one asset a step, checks that share one inspection of a table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import dagster as dg

from orchestration.inbox import LOG_FILES
from orchestration.metadata import describe, fact
from orchestration.pipeline import Pipeline
from spark_assets.steps.settings import StepResult


def on_new_data() -> dg.AutomationCondition[Any]:
    """Due when a dependency was updated, once none of them is missing or being computed.

    Prevents that bad data spreads: an asset computed by hand whose blocking check failed is not built upon. Dagster's
    own `all_deps_blocking_checks_passed` would go too far: a check that failed yesterday keeps its verdict until it
    runs again, so it would keep the snapshot out of today's run too, although that run checks anew and stops by
    itself. Whatever is requested in the same tick, and so is checked in the same run, counts as passed.
    """
    condition = dg.AutomationCondition
    passed = condition.all_checks_match(condition.check_passed(), blocking_only=True)
    checked = condition.all_deps_match(passed | condition.will_be_requested()).with_label("checked_or_about_to_be")
    return (condition.eager() & checked).with_label("on_new_data")


GROUP = "history"
DAILY = dg.AssetSelection.all() - dg.AssetSelection.groups(GROUP) - dg.AssetSelection.assets(LOG_FILES)
"""What every run computes: all but past days and the report of the files that wait."""
LOGGED_DAY = "logged_day"
DAYS = dg.DynamicPartitionsDefinition(name=LOGGED_DAY)
"""Keys are ISO dates; `logged_days` keeps them up."""


OWNERS = ["team:data"]

Draw = Callable[[StepResult], dict[str, dg.MetadataValue[Any]]]
"""Further metadata from a result, such as pictures."""


def step_asset(
    name: str,
    *,
    deps: list[str],
    group: str,
    kinds: set[str],
    description: str,
    pool: str | None = None,
    as_of: dg.PartitionsDefinition[str] | None = None,
    draw: Draw = lambda _: {},
) -> dg.AssetsDefinition:
    """An asset that the step of the same name computes, as soon as what it depends on is newer.

    One with partitions is of past days, and is computed when somebody asks.

    Args:
        name: of asset and step.
        deps: assets whose tables the step reads.
        group: of the asset, as the UI shows it.
        kinds: what it is made with and kept in.
        description: what it holds, for operators.
        pool: of steps that must not run at once.
        as_of: partitions by as-of date; the step is told which.
        draw: what the materialization shows beside rows, seconds and facts.
    """

    @dg.asset(
        name=name,
        deps=deps,
        group_name=group,
        kinds=kinds,
        owners=OWNERS,
        description=description,
        pool=pool,
        partitions_def=as_of,
        automation_condition=None if as_of else on_new_data(),
    )
    def run(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult[None]:
        result, seconds = pipeline.run(name, context, as_of=context.partition_key if as_of else "")
        return dg.MaterializeResult(metadata=describe(result, seconds) | draw(result))

    return run


Facts = dict[str, Any]

_FEW = 3

CHECKS_STEP = "_checks"
"""End of the names of ops that check."""

FAILED_CHECKS = "failed_checks"
"""Metadata of a failure: how many checks stopped the run. Its text has their sentences, a line each."""


@dataclass(frozen=True)
class Property:
    """One property of an asset's table, card or snapshot.

    Attributes:
        name: of the check.
        promise: what holds when it passes.
        holds: the test on the facts.
        measured: a sentence with the figures that were judged and their bound, passed or not.
        remedy: what an operator does when it fails, as one or more sentences.
        shows: facts beside the sentence, for figures over time.
        blocking: whether a failure stops the run; otherwise it warns.
    """

    name: str
    promise: str
    holds: Callable[[Facts], bool]
    measured: Callable[[Facts], str]
    remedy: str
    shows: tuple[str, ...]
    blocking: bool = True


def step_checks(asset: str, step: str, properties: list[Property]) -> dg.AssetChecksDefinition:
    """Checks of one asset, judged on the facts of one inspecting step (its row count among them, as `rows`).

    A run may select any of them, without the asset too. The step then inspects what is stored.
    """

    @dg.multi_asset_check(
        name=f"{asset}{CHECKS_STEP}",
        specs=[
            dg.AssetCheckSpec(item.name, asset=asset, description=item.promise, blocking=item.blocking)
            for item in properties
        ],
        can_subset=True,
    )
    def check(context: dg.AssetCheckExecutionContext, pipeline: Pipeline) -> Iterator[dg.AssetCheckResult]:
        result, _ = pipeline.run(step, context)
        selected = {key.name for key in context.selected_asset_check_keys}
        chosen = [item for item in properties if item.name in selected]
        stopping = []
        for verdict in judge(asset, chosen, {"rows": result.rows, **result.facts}):
            yield verdict
            if not verdict.passed and verdict.severity == dg.AssetCheckSeverity.ERROR:
                stopping.append(f"{verdict.check_name}: {verdict.description}")
        if stopping:
            # Dagster's own error would name the checks alone.
            raise dg.Failure("\n".join(stopping), {FAILED_CHECKS: len(stopping)}, allow_retries=False)

    return check


def judge(asset: str, properties: list[Property], facts: Facts) -> Iterator[dg.AssetCheckResult]:
    """Each property's verdict, with a sentence and the values it was judged on; one that does not block only warns."""
    for item in properties:
        passed = item.holds(facts)
        measured = item.measured(facts)
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=item.name,
            passed=passed,
            severity=dg.AssetCheckSeverity.ERROR if item.blocking else dg.AssetCheckSeverity.WARN,
            description=measured if passed else f"{measured} {item.remedy}",
            metadata={name: fact(facts[name]) for name in item.shows},
        )


def figure(value: float | None) -> str:
    """A figure to three significant digits, whole ones with thousands separated; `unknown` for None."""
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def few(texts: list[str]) -> str:
    """The first few of some texts, and how many more there are."""
    more = f" and {len(texts) - _FEW:,} more" if len(texts) > _FEW else ""
    return "; ".join(texts[:_FEW]) + more


def lacking(columns: str, facts: Facts) -> str:
    """A sentence on the missing ones among some columns: how many, and which."""
    missing = facts["missing_columns"]
    return f"{columns}: {len(missing)} {', '.join(missing)}".rstrip() + "."
