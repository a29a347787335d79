"""Which features can be compared between training and now, given how far back the logs reach each time.

A feature that counts from the first event on grows with the logs, and a window that begins before the logs holds fewer
days than it says. Both move from one cut-off to the next although nobody behaves differently, so that their index of
stability would tell of the logs and not of the customers.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from spark_assets.features.registry import FEATURE, LIFE
from spark_assets.features.registry.formulas import FIRST_ACTION, Fact, Formula, Greatest, Total

_FULL = 0.9
"""Share of the training's cut-offs at which a window must have been full: the first ones of any logs are short."""


def comparable(names: Iterable[str], card: dict[str, Any], as_of: date) -> list[str]:
    """Return those of the features `names` that mean the same at the cut-offs of a card's examples and at `as_of`."""
    begin = date.fromisoformat(card["data_from"])
    then = [(cut_off - begin).days for cut_off in _cut_offs(card)]
    now = (as_of - begin).days + 1
    return [name for name in names if _means_the_same(FEATURE[name].formula, then, now)]


def _means_the_same(formula: Formula, then: Sequence[int], now: int) -> bool:
    if grows(formula):
        return False
    if not isinstance(formula.window, int):
        return True
    full = sum(days >= formula.window for days in then)
    return now >= formula.window and full >= _FULL * len(then)


def grows(formula: Formula) -> bool:
    """Tell whether a feature grows with the calendar alone.

    That is days since the first event in the logs, a total without end, or the age of an account, which is a day more
    each day.
    """
    if isinstance(formula, Fact):
        return FIRST_ACTION in formula.needs or formula.fact == "account_age_days"
    return FIRST_ACTION in formula.needs or (isinstance(formula, Total | Greatest) and formula.window == LIFE)


def _cut_offs(card: dict[str, Any]) -> list[date]:
    """Return the cut-offs of all examples, from which the portrait is drawn."""
    validated = (day for fold in card["folds"] for day in fold["validate"])
    days = {*card["training_cut_offs"], *validated, card["evaluation_cut_off"]}
    return sorted(date.fromisoformat(day) for day in days)
