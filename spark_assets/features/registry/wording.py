"""Numbers as sentences show them: few digits, thousands apart, and read back within half a unit of the last digit."""

import math
from dataclasses import dataclass
from typing import Protocol


def number(value: float) -> str:
    """Three significant digits, whole from 100 on: `1,234`, `12.3`, `4`, `0.0123`."""
    return _significant(value, 3)


def percent(share: float) -> str:
    """A share in percent with two significant digits, whole from 10 on: `35 %`, `4.2 %`."""
    return f"{_significant(100 * share, 2)} %"


def _significant(value: float, digits: int) -> str:
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    shown = f"{value:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


class Wording(Protocol):
    """Says the values of one feature; null is said elsewhere (`sentences.py`)."""

    def phrase(self, value: float) -> str:
        """What is so for this customer."""

    def shown(self, value: float) -> str:
        """The value alone, as it stands after "typical is"."""

    def against(self, value: float, typical: float) -> str:
        """How the value stands to the typical one, as shown; "as usual" when both show the same."""


@dataclass(frozen=True)
class Amount:
    """A count, a length or a rate, shown times `scale`; `zero` is said instead of the text where the value is 0."""

    text: str
    more: str = "more"
    less: str = "fewer"
    scale: float = 1.0
    zero: str = ""

    def phrase(self, value: float) -> str:  # noqa: D102 - see Wording
        shown = self.shown(value)
        text = self.zero if self.zero and value == 0 else self.text
        return text.format(n=shown, s="" if shown == "1" else "s")

    def shown(self, value: float) -> str:  # noqa: D102
        return number(self.scale * value)

    def against(self, value: float, typical: float) -> str:  # noqa: D102
        return _against(self, value, typical, self.more, self.less)


@dataclass(frozen=True)
class Share:
    """A share from 0 to 1, shown in percent."""

    text: str
    more: str = "more"
    less: str = "less"

    def phrase(self, value: float) -> str:  # noqa: D102
        return self.text.format(n=self.shown(value))

    def shown(self, value: float) -> str:  # noqa: D102
        return percent(value)

    def against(self, value: float, typical: float) -> str:  # noqa: D102
        return _against(self, value, typical, self.more, self.less)


@dataclass(frozen=True)
class Course:
    """The last `days` days against the days before (`formulas.Trend`), said as a change of the amount of `things`.

    A trend of t means that the amount went to (1 + t) / (1 - t) of what it was.
    """

    things: str
    days: int

    def phrase(self, value: float) -> str:  # noqa: D102
        last, before = f"{self.things} in the last {self.days} days", f"in the {self.days} before"
        if value <= -1:
            return f"no {last}, but some {before}"
        if value >= 1:
            return f"{last}, but none {before}"
        shown = self.shown(value)
        return f"{shown} {last} {'than' if shown.endswith(('more', 'fewer')) else 'as'} {before}"

    def shown(self, value: float) -> str:  # noqa: D102
        if value <= -1:
            return "none at all"
        if value >= 1:
            return "a new beginning"
        ratio = (1 + value) / (1 - value)
        if ratio >= 2:
            return f"{number(ratio)} times as many"
        # a change below a hundredth of a percent is none
        if abs(ratio - 1) < 1e-4:
            return "as many"
        return f"{percent(abs(ratio - 1))} {'more' if ratio > 1 else 'fewer'}"

    def against(self, value: float, typical: float) -> str:  # noqa: D102
        return _against(self, value, typical, "more", "fewer")


@dataclass(frozen=True)
class Flag:
    """Yes (1) or no (0); typical is what most customers are."""

    yes: str
    no: str

    def phrase(self, value: float) -> str:  # noqa: D102
        return self.shown(value)

    def shown(self, value: float) -> str:  # noqa: D102
        return self.yes if value >= 0.5 else self.no

    def against(self, value: float, typical: float) -> str:  # noqa: D102
        return "like most customers" if (value >= 0.5) == (typical >= 0.5) else "unlike most customers"


AS_USUAL = "as usual"


def _against(wording: Wording, value: float, typical: float, more: str, less: str) -> str:
    if wording.shown(value) == wording.shown(typical):
        return AS_USUAL
    return f"{more if value > typical else less} than usual"


def last(days: int | str) -> str:
    """The window as a phrase ends: ` in the last 7 days`, or nothing for all of the logs."""
    return f" in the last {days} days" if isinstance(days, int) else ""
