"""What came of the probabilities that a model gave: the calibration curve, and of 100 customers how many left."""

from dataclasses import dataclass
from typing import Any

from webportal.common.plot import across, down, round_end

Row = dict[str, float]


@dataclass(frozen=True)
class Bin:
    """Scores from `least` to `greatest`: their mean, and the share that left with its interval; all in percent.

    `left`, `top`, `low_top` and `high_top` are places in a drawing of 100 by 100.
    """

    least: float
    greatest: float
    mean: float
    rate: float
    low: float
    high: float
    examples: int
    leavers: int
    left: float
    top: float
    low_top: float
    high_top: float


@dataclass(frozen=True)
class Calibration:
    """The curve of the judging window, and the table that the customer page reads, which rests on more customers.

    Both axes go from 0 to `end` percent. `ece` is in percentage points, with its interval.
    """

    bins: tuple[Bin, ...]
    of_a_hundred: tuple[Bin, ...]
    end: float
    ece: float | None
    ece_interval: tuple[float, float] | None

    @property
    def line(self) -> str:
        """The bins joined, as SVG's `points`, from low to high."""
        return " ".join(f"{each.left},{each.top}" for each in sorted(self.bins, key=lambda each: each.mean))


def read_calibration(card: dict[str, Any]) -> Calibration | None:
    """Return the calibration of a card; None where it has no such table."""
    rows: list[Row] = card.get("reliability") or []
    table: list[Row] = card.get("of_a_hundred") or []
    if not rows and not table:
        return None
    end = round_end(100 * max(max(row["high"], row["mean_probability"]) for row in rows or table))
    metrics = card.get("metrics") or {}
    ece, interval = metrics.get("ece"), metrics.get("intervals", {}).get("ece")
    return Calibration(
        bins=tuple(_bin(row, end) for row in rows),
        of_a_hundred=tuple(_bin(row, end) for row in table),
        end=end,
        ece=None if ece is None else 100 * ece,
        ece_interval=(100 * interval[0], 100 * interval[1]) if interval else None,
    )


def _bin(row: Row, end: float) -> Bin:
    mean, rate, low, high = (100 * row[name] for name in ("mean_probability", "rate", "low", "high"))
    return Bin(
        least=100 * row["least"],
        greatest=100 * row["greatest"],
        mean=mean,
        rate=rate,
        low=low,
        high=high,
        examples=int(row["examples"]),
        leavers=int(row["leavers"]),
        left=across(mean, end),
        top=down(rate, end),
        low_top=down(low, end),
        high_top=down(high, end),
    )
