"""What drawings made on the server share: round axes, and places in a drawing of 100 by 100 units.

The drawings hold shapes alone and are stretched to their box; their text stands beside them as HTML, so that it keeps
its size on a phone and its colour follows the page.
"""

from math import floor, log10

UNITS = 100.0
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def round_end(greatest: float) -> float:
    """Return a round number at or above `greatest` for an axis from 0 to end at; 1 where there is nothing above 0."""
    if greatest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(greatest))
    return next((round(step * power, 10) for step in _STEPS if step * power >= greatest * (1 - 1e-9)), 10 * power)


def across(value: float, end: float) -> float:
    """Return how far from the left a value of an axis from 0 to `end` lies, never outside the drawing."""
    return round(min(max(value / end, 0.0), 1.0) * UNITS, 2)


def down(value: float, end: float) -> float:
    """Return how far from the top it lies."""
    return round(UNITS - across(value, end), 2)
