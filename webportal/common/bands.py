"""How risk bands and the groups beside them are named, explained and coloured, in one place."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import RiskBand

CANCELLED = "cancelled"
UNSCORED = "unscored"


@dataclass(frozen=True)
class Group:
    """A band, or a group of customers without one: its key in the data, its name, and its colour in charts.

    The colours are mid-tones that keep a contrast of 3:1 and more on the light and on the dark page.
    """

    key: str
    label: str | Promise
    colour: str
    symbol: str


GROUPS = {
    group.key: group
    for group in (
        Group(RiskBand.HIGH.value, _("High risk"), "#dc4158", "circle"),
        Group(RiskBand.MEDIUM.value, _("Medium risk"), "#c47a11", "diamond"),
        Group(RiskBand.LOW.value, _("Low risk"), "#149a72", "square"),
        Group(CANCELLED, _("Cancelled"), "#7d8296", "x"),
        Group(UNSCORED, _("Not scored"), "#4d80d6", "triangle-up"),
    )
}

ACCENT = "#7a5af0"
NEUTRAL = "#8b90a5"
FONT = "system-ui, -apple-system, Segoe UI, Noto Sans, Liberation Sans, Roboto, Arial, sans-serif"
