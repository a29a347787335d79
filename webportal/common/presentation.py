"""Names, explanations and colours of risk bands, axes of drawings, and widgets of forms."""

from dataclasses import dataclass
from math import floor, log10
from urllib.parse import urlsplit

from django import forms
from django.forms.renderers import Jinja2
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
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


class PlainForm(forms.Form):
    """A form whose fields Django's own Jinja templates render: the same HTML in half the time.

    All share one renderer, which holds the compiled templates. Forms of the administration cannot: its widgets have
    templates for Django's engine alone.
    """

    default_renderer = Jinja2()


def page_of_form(request: HttpRequest) -> str | None:
    """Return the path and query of the page whose form a request sent, or None when the browser does not say.

    Our pages send a `Referer` to ourselves alone; one that names another host counts as none.
    """
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}) or "://" not in referer:
        return None
    page = urlsplit(referer)
    path = f"{page.path or '/'}{'?' if page.query else ''}{page.query}"
    return path if url_has_allowed_host_and_scheme(path, None) else None
