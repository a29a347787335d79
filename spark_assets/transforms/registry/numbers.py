"""Numbers as sentences show them: few digits, thousands apart, and read back within half a unit of the last digit."""

import math


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
