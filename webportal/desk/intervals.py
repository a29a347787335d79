"""Intervals of shares and of their difference, at 95 percent.

Wilson's score interval and, from two of them, the hybrid score interval of a difference: methods 3 and 10 of
R. G. Newcombe, Statistics in Medicine 17 (1998), pages 857-872 and 873-890.
"""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""


@dataclass(frozen=True)
class Interval:
    """Bounds, as shares."""

    low: float
    high: float


def wilson(hits: int, of: int) -> Interval:
    """Return the score interval of a share; nothing is known of none."""
    if not of:
        return Interval(0.0, 1.0)
    share, square = hits / of, Z * Z
    middle = 2 * of * share + square
    reach = Z * sqrt(square + 4 * of * share * (1 - share))
    # rounding must not leave the bounds of a share
    low = max(0.0, (middle - reach) / (2 * (of + square)))
    high = min(1.0, (middle + reach) / (2 * (of + square)))
    return Interval(low, high)


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """Return the hybrid score interval of the first share minus the second; each is (hits, of), with `of` above 0."""
    share, other = first[0] / first[1], second[0] / second[1]
    one, two = wilson(*first), wilson(*second)
    difference = share - other
    below = sqrt((share - one.low) ** 2 + (two.high - other) ** 2)
    above = sqrt((one.high - share) ** 2 + (other - two.low) ** 2)
    return Interval(difference - below, difference + above)
