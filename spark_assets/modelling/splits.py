"""Which examples fit, which validate, which judge: forward in time, and by groups of listeners where logs are short.

Forward, no label window crosses from one side to the other: whoever fits had a complete horizon when the side after it
began. By listeners, both sides may share days but never a listener.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from spark_assets.errors import EncoreError

FORWARD = "forward in time"
BY_LISTENER = "by groups of listeners"

GROUPS = 5
"""Groups that listeners are dealt into; two of them judge when the logs are too short to judge forward in time."""

JUDGES = frozenset({0, 1})
LEAST_LEAVERS = 10
"""Fewer leavers than this to fit on: a model made of chance is worse than none."""

LEAST_FOR_LEVEL = 30
"""Leavers, and stayers, that tell today's rate of leaving: to 18 %, their standard error."""

LEAST_IN_A_FOLD = 5
"""Leavers, and stayers, on both sides of a fold forward in time."""


class NotTrainableError(EncoreError):
    """The examples hold too little to learn from; the message says what is missing."""


@dataclass(frozen=True)
class Side:
    """Examples: those of some cut-offs and some groups of listeners."""

    cut_offs: tuple[date, ...]
    groups: frozenset[int] = frozenset(range(GROUPS))


@dataclass(frozen=True)
class Fold:
    """One validation of the search."""

    name: str
    fit: Side
    validate: Side


@dataclass(frozen=True)
class Plan:
    """How one training goes about its examples."""

    judging: str
    """`FORWARD` or `BY_LISTENER`."""
    searching: str
    fit: Side
    judge: Side
    """Touched once, for the final figures: the newest cut-off."""
    folds: tuple[Fold, ...]
    """Of the search."""
    calibrate: tuple[Fold, ...]
    """By groups of listeners, whatever the search does: each learns from nearly all of the fitting side."""


@dataclass(frozen=True)
class Count:
    """Examples of one cut-off and group, and those among them that leave."""

    examples: int
    leavers: int


Counts = Mapping[tuple[date, int], Count]


def plan(counts: Counts, horizon_days: int, most_folds: int) -> Plan:
    """Choose the sides.

    Args:
        counts: by (cut-off, group) of all labelled examples.
        horizon_days: days that a label looks ahead.
        most_folds: most validations forward in time, at the newest cut-offs that can.

    Raises:
        NotTrainableError: no cut-off has a complete horizon, or too few leave.
    """
    cut_offs = sorted({cut_off for cut_off, _ in counts})
    if not cut_offs:
        raise NotTrainableError(
            f"The logs are too short: no cut-off has a complete horizon of {horizon_days} days after it. Drop more "
            "days of logs, or choose a shorter horizon."
        )
    newest = cut_offs[-1]
    judging, fit, judge = FORWARD, Side(_known(cut_offs, newest, horizon_days)), Side((newest,))
    if not _enough(counts, fit, LEAST_LEAVERS):
        judging = BY_LISTENER
        fit, judge = Side(tuple(cut_offs), frozenset(range(GROUPS)) - JUDGES), Side((newest,), JUDGES)
    _require(counts, fit, horizon_days)
    folds = _forward_folds(counts, fit, horizon_days, most_folds)
    searching = FORWARD if folds else BY_LISTENER
    by_listener = _listener_folds(counts, fit)
    return Plan(judging, searching, fit, judge, folds or by_listener, by_listener)


def count(counts: Counts, side: Side) -> Count:
    """Examples of a side."""
    within = [counts.get((cut_off, group), Count(0, 0)) for cut_off in side.cut_offs for group in side.groups]
    return Count(sum(item.examples for item in within), sum(item.leavers for item in within))


def newest(counts: Counts, side: Side) -> tuple[date, ...]:
    """The newest cut-offs of a side that hold `LEAST_FOR_LEVEL` leavers, and stayers, together; all if it has fewer."""
    found: list[date] = []
    for cut_off in sorted(side.cut_offs, reverse=True):
        if _enough(counts, Side(tuple(found), side.groups), LEAST_FOR_LEVEL):
            break
        found.append(cut_off)
    return tuple(found)


def _known(cut_offs: Sequence[date], at: date, horizon_days: int) -> tuple[date, ...]:
    """Cut-offs whose labels were all known at a day."""
    return tuple(day for day in cut_offs if day + timedelta(days=horizon_days) <= at)


def _enough(counts: Counts, side: Side, least: int) -> bool:
    found = count(counts, side)
    return least <= found.leavers <= found.examples - least


def _require(counts: Counts, fit: Side, horizon_days: int) -> None:
    found = count(counts, fit)
    if not _enough(counts, fit, LEAST_LEAVERS):
        raise NotTrainableError(
            f"Only {found.leavers} of {found.examples} training examples are followed by a Cancellation Confirmation "
            f"within {horizon_days} days; at least {LEAST_LEAVERS} must be, and as many must not. Drop logs that hold "
            "more of them."
        )


def _forward_folds(counts: Counts, fit: Side, horizon_days: int, most: int) -> tuple[Fold, ...]:
    folds = []
    for cut_off in reversed(fit.cut_offs):
        before = Side(_known(fit.cut_offs, cut_off, horizon_days), fit.groups)
        now = Side((cut_off,), fit.groups)
        if _enough(counts, before, LEAST_IN_A_FOLD) and _enough(counts, now, LEAST_IN_A_FOLD):
            folds.append(Fold(cut_off.isoformat(), before, now))
    return tuple(folds[:most])


def _listener_folds(counts: Counts, fit: Side) -> tuple[Fold, ...]:
    held = _groups_that_tell(counts, fit)
    if len(held) < 2:
        raise NotTrainableError(
            f"The {count(counts, fit).leavers} training examples that leave, or those that stay, are of too few "
            f"customers for a search over {len(fit.groups)} groups of customers. Drop logs that hold more of them."
        )
    return tuple(
        Fold(
            f"listeners {'+'.join(map(str, sorted(groups)))}",
            Side(fit.cut_offs, fit.groups - groups),
            Side(fit.cut_offs, groups),
        )
        for groups in held
    )


def _groups_that_tell(counts: Counts, fit: Side) -> list[frozenset[int]]:
    """Groups of listeners, put together where one alone has nobody who leaves or nobody who stays."""
    held: list[frozenset[int]] = []
    gathered: frozenset[int] = frozenset()
    for group in sorted(fit.groups):
        gathered |= {group}
        if _enough(counts, Side(fit.cut_offs, gathered), 1):
            held.append(gathered)
            gathered = frozenset()
    return [*held[:-1], held[-1] | gathered] if held else []
