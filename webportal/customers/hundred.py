"""Of 100 customers with this score, about how many left: what came of such scores before, with its sample."""

from dataclasses import dataclass
from enum import StrEnum

from webportal.customers.explanation import facts_of
from webportal.customers.models import CustomerColumns, Snapshot


class Fit(StrEnum):
    """Where a score lies beside the scores of the row that speaks for it."""

    WITHIN = "within"
    NEAR = "near"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True)
class OfAHundred:
    """What came of the scores from `least` to `greatest` percent.

    `left`, `low` and `high` are of a hundred, whole numbers, the last two an interval of 95 %; `leavers` of `examples`
    are what was counted.
    """

    left: int
    low: int
    high: int
    leavers: int
    examples: int
    least: float
    greatest: float
    fit: Fit


def read_of_a_hundred(customer: CustomerColumns, snapshot: Snapshot) -> OfAHundred | None:
    """Return what came of scores like this customer's; None without a score or without such a table.

    Rows span the scores that were seen. One that none spans is told by the nearest row, and `fit` says so.
    """
    facts = facts_of(snapshot)
    score = customer.churn_probability
    if facts is None or score is None or not facts.get("of_a_hundred"):
        return None
    rows = facts["of_a_hundred"]
    row = min(rows, key=lambda each: max(each["least"] - score, score - each["greatest"], 0.0))
    return OfAHundred(
        left=round(100 * row["rate"]),
        low=round(100 * row["low"]),
        high=round(100 * row["high"]),
        leavers=int(row["leavers"]),
        examples=int(row["examples"]),
        least=100 * row["least"],
        greatest=100 * row["greatest"],
        fit=_fit(score, row, rows),
    )


def _fit(score: float, row: dict[str, float], rows: list[dict[str, float]]) -> Fit:
    if _shown(row["least"]) <= _shown(score) <= _shown(row["greatest"]):
        return Fit.WITHIN
    if score > max(each["greatest"] for each in rows):
        return Fit.ABOVE
    return Fit.BELOW if score < min(each["least"] for each in rows) else Fit.NEAR


def _shown(share: float) -> float:
    """Percent as the page writes them: 6.2 % is not said to lie above 6.2 %."""
    return round(100 * share, 1)
