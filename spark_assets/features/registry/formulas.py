"""The few kinds of formula that features are made of: plain data, saying which sums it needs and what becomes of them.

A source is a column of `daily_activity` or one of `days.DAY_VALUES`; a window is a number of days that ends with the
day before the cut-off, or `LIFE`. Divisions by zero give null, so that the model's pipeline decides what fills it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Protocol

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the usual name

from spark_assets.features.linear_counting import WORDS, estimate

LIFE = "life"
Window = int | str

WINDOWS = (3, 7, 14, 30)
"""Windows of days that counts are shown over, each ending with the day before the cut-off."""


@dataclass(frozen=True)
class Need:
    """A source merged over a window: added up, OR-ed (a set of linear counting), or its least or greatest value."""

    source: str
    window: Window
    merge: str = "sum"

    @property
    def name(self) -> str:
        """Column that holds it: of a sum or a set `songs_7d`, of a greatest value `max_songs_7d`."""
        return self.column_of(sum_name(self.source, self.window))

    def column_of(self, name: str) -> str:
        """Name by which a source merged this way is told from the same source merged another way."""
        return name if self.merge in ("sum", "or") else f"{self.merge}_{name}"


FIRST_ACTION = Need("first_actions", LIFE, "min")
LAST_ACTION = Need("last_actions", LIFE, "max")
LAST_LEVEL_CHANGE = Need("last_level_changes", LIFE, "max")


class Formula(Protocol):
    """How a feature is computed."""

    @property
    def needs(self) -> tuple[Need, ...]:
        """What has to be merged first."""

    @property
    def window(self) -> Window:
        """The days that it speaks of."""

    def column(self) -> Column:
        """The feature, over the columns that `needs` names and the facts of `features.py`."""


def sum_name(source: str, window: Window) -> str:
    """Column name of a source over a window: `songs_7d`, or `songs_life`."""
    return f"{source}_{window}d" if isinstance(window, int) else f"{source}_{window}"


def window_words(window: Window) -> str:
    """A window for people: `7 days`, or `life`."""
    return f"{window} days" if isinstance(window, int) else window


def _added(sources: Iterable[str], window: Window) -> Column:
    return reduce(add, (F.col(sum_name(source, window)) for source in sources))


def _over(numerator: Column, denominator: Column) -> Column:
    return numerator / F.nullif(denominator, F.lit(0))


@dataclass(frozen=True)
class Total:
    """A sum over the window, divided by `per` (units)."""

    source: str
    window: Window = LIFE
    per: float = 1.0

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102 - see Formula
        return (Need(self.source, self.window),)

    def column(self) -> Column:  # noqa: D102
        return F.col(sum_name(self.source, self.window)) / self.per


@dataclass(frozen=True)
class Greatest:
    """The greatest value of a day within the window, divided by `per` (units)."""

    source: str
    window: Window = LIFE
    per: float = 1.0

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102
        return (Need(self.source, self.window, "max"),)

    def column(self) -> Column:  # noqa: D102
        (need,) = self.needs
        return F.coalesce(need.name, F.lit(0)) / self.per


@dataclass(frozen=True)
class Ratio:
    """Sums of the window against one another; the numerator is divided by `per` (units)."""

    over: str
    under: tuple[str, ...]
    window: Window = LIFE
    per: float = 1.0

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102
        return tuple(Need(source, self.window) for source in (self.over, *self.under))

    def column(self) -> Column:  # noqa: D102
        return _over(F.col(sum_name(self.over, self.window)) / self.per, _added(self.under, self.window))


@dataclass(frozen=True)
class Trend:
    """The last `days` days minus the `days` before, as a share of both together: from -1 (ended) to 1 (began)."""

    source: str
    days: int

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102
        return (Need(self.source, self.days), Need(self.source, self.window))

    @property
    def window(self) -> int:  # noqa: D102
        return 2 * self.days

    def column(self) -> Column:  # noqa: D102
        last, both = (F.col(need.name) for need in self.needs)
        return _over(2 * last - both, both)


@dataclass(frozen=True)
class Spread:
    """Standard deviation of a daily sum over the days listened, as a share of its mean; needs its `squares` too."""

    source: str
    squares: str
    window: Window

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102
        return tuple(Need(source, self.window) for source in (self.source, self.squares, "days_listened"))

    def column(self) -> Column:  # noqa: D102
        total, squares, days = (F.col(need.name) for need in self.needs)
        # In whole numbers up to the last step, so that rounding never leaves a negative variance; null beyond them.
        variance = F.try_subtract(F.try_multiply(days, squares), F.try_multiply(total, total))
        return _over(F.sqrt(variance.cast("double")), total)


@dataclass(frozen=True)
class Distinct:
    """Different values by linear counting (`distinct.py`)."""

    bits: str
    window: Window

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102
        return (Need(self.bits, self.window, "or"),)

    def column(self) -> Column:  # noqa: D102
        return estimate([F.col(f"{sum_name(self.bits, self.window)}_{word}") for word in range(WORDS)])


@dataclass(frozen=True)
class Repeated:
    """Share of the counted that is not the first of its kind in the window: 0 without repeats."""

    counted: str
    bits: str
    window: Window

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102
        return (Need(self.counted, self.window), Need(self.bits, self.window, "or"))

    def column(self) -> Column:  # noqa: D102
        share = 1 - _over(Distinct(self.bits, self.window).column(), F.col(sum_name(self.counted, self.window)))
        # An estimate may exceed the count; a share of repeats below 0 would say nothing. A null stays one.
        return F.when(share < 0, 0.0).otherwise(share)


@dataclass(frozen=True)
class Since:
    """Days from the last day on which `source` was above 0, or from the first active day where there was none."""

    source: str

    @property
    def needs(self) -> tuple[Need, ...]:  # noqa: D102
        return (Need(f"last_{self.source}", LIFE, "max"), FIRST_ACTION)

    @property
    def window(self) -> str:  # noqa: D102
        return LIFE

    def column(self) -> Column:  # noqa: D102
        last, first = (F.col(need.name) for need in self.needs)
        return F.date_diff(F.col("as_of"), F.coalesce(last, first))


@dataclass(frozen=True)
class Fact:
    """A fact of the customer that `features.py` computes; with `equals`, 1 where it has this value and 0 elsewhere."""

    fact: str
    equals: tuple[str, ...] = ()
    window: Window = LIFE
    needs: tuple[Need, ...] = ()

    def column(self) -> Column:  # noqa: D102
        return F.col(self.fact).isin(*self.equals).cast("int") if self.equals else F.col(self.fact)
