"""What the published columns of a customer's days hold."""

from enum import StrEnum
from typing import TypedDict

ACTIVITY_DAYS = 60
"""So many UTC days, the last of them the as-of date, stand in `activity`."""

MOST_MOMENTS = 40
"""So many stand in `moments` at most: cancellations first, by which the portal counts who left, then the newest."""

HOLD_OUT_DRAWS = 10_000
"""`hold_out_draw` lies in [0, this): a share of s percent holds the draws below 100 s."""


class MomentKind(StrEnum):
    """What matters in the life of a customer."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    ERROR = "error"
    HELP = "help"
    CANCEL = "cancel"


class Moment(TypedDict):
    """One kind on one UTC day: the date (ISO), a `MomentKind`, and how many times."""

    d: str
    k: str
    n: int
