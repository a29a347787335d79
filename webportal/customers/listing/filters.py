"""Filters of a list as a query string and as chips: one place reads and writes the address of a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import OTHERS
from spark_assets.contracts.summary import SnapshotSummary
from webportal.common.presentation import GROUPS, PlainForm
from webportal.common.values import GENDERS, LEVELS, MAX_LENGTHS, in_order
from webportal.customers.listing.fields import Contacted, Filters, Seen
from webportal.customers.listing.paging import Order

PARAMETERS = {
    "band": "band",
    "level": "level",
    "gender": "gender",
    "place": "place",
    "seen": "seen",
    "risen": "risen",
    "from": "least",
    "to": "below",
    "contacted": "contacted",
    "assigned": "assigned",
}
"""Parameters of the address by the filters they set."""

BANDS = [(key, GROUPS[key].label) for key in ("high", "medium", "low")]
SEEN = [
    (Seen.WEEK.value, _("In the last 7 days")),
    (Seen.MONTH.value, _("8 to 30 days ago")),
    (Seen.LONGER.value, _("More than 30 days ago")),
]
CONTACTED = [
    (Contacted.YES.value, _("In the last 30 days")),
    (Contacted.NO.value, _("Not in the last 30 days")),
]
ORDERS = [
    (Order.RISK.value, _("Highest risk first")),
    (Order.SEEN.value, _("Last seen first")),
    (Order.NAME.value, _("Last name")),
    (Order.NUMBER.value, _("Number")),
]
WHOLE = 100
_ANY: list[tuple[str, Any]] = [("", _("Any"))]


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    filters: Filters
    order: Order = Order.RISK

    @property
    def query(self) -> str:
        """The query string that asks for it: each filter once, in a fixed order, and nothing that is usual."""
        values = [(name, getattr(self.filters, field)) for name, field in PARAMETERS.items()]
        shown = [(name, "1" if value is True else str(value)) for name, value in values if value not in (None, False)]
        return urlencode([*shown, *([("sort", self.order.value)] if self.order is not Order.RISK else [])])

    def without(self, parameter: str) -> "Asked":
        """Return the same with one filter less."""
        usual = getattr(Filters(), PARAMETERS[parameter])
        return replace(self, filters=replace(self.filters, **{PARAMETERS[parameter]: usual}))


class ListForm(PlainForm):
    """The filters of the list; every field may be empty."""

    band = forms.ChoiceField(label=_("Risk"), choices=[*_ANY, *BANDS], required=False)
    level = forms.CharField(label=_("Level"), max_length=MAX_LENGTHS["level"], required=False, widget=forms.Select)
    gender = forms.CharField(label=_("Gender"), max_length=MAX_LENGTHS["gender"], required=False, widget=forms.Select)
    place = forms.CharField(label=_("Place or region"), max_length=MAX_LENGTHS["location"], required=False)
    seen = forms.ChoiceField(label=_("Last seen"), choices=[*_ANY, *SEEN], required=False)
    risen = forms.BooleanField(label=_("Risen since the last snapshot"), required=False)
    contacted = forms.ChoiceField(label=_("Contacted"), choices=[*_ANY, *CONTACTED], required=False)
    assigned = forms.BooleanField(label=_("With a task for me"), required=False)
    to = forms.IntegerField(label=_("Probability below, in %"), min_value=1, max_value=100, required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), choices=ORDERS, required=False, initial=Order.RISK.value)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        known: Callable[[], Mapping[str, str]] = dict,
        works_at_desk: bool = True,
        summary: SnapshotSummary | None = None,
    ) -> None:
        """Take the parameters of an address, what tells places by their writing in lower case, and for whom it is.

        The levels and genders to choose from are those of `summary`; an address may name any other.
        """
        super().__init__(data)
        self._known = known
        self._offer("level", summary["levels"] if summary else {}, LEVELS)
        self._offer("gender", summary["genders"] if summary else {}, GENDERS)
        # a word of Python, so no attribute can have this name
        self.fields["from"] = forms.IntegerField(
            label=_("Probability from, in %"), min_value=0, max_value=99, required=False
        )
        self.fields["place"].widget.attrs |= {"list": "places", "autocomplete": "off", "spellcheck": "false"}
        self.order_fields(
            ["band", "level", "gender", "place", "seen", "from", "to", "contacted", "sort", "risen", "assigned"]
        )
        if not works_at_desk:
            del self.fields["contacted"], self.fields["assigned"]

    def _offer(self, name: str, counts: Mapping[str, int], labels: Mapping[str, Any]) -> None:
        """Offer the values that were counted, and the one that is asked for."""
        values = {*counts, str(self.data.get(name) or "")} - {OTHERS}
        select = self.fields[name].widget
        assert isinstance(select, forms.Select)  # noqa: S101 - narrows the type
        select.choices = [*_ANY, *((value, labels.get(value) or value) for value in in_order(values, labels))]

    def clean_place(self) -> str:
        """Return the place as it is written in the snapshot, where there is one that differs in case alone."""
        typed = " ".join(self.cleaned_data["place"].split())
        if not typed:
            return ""
        known = self._known()
        return known.get(typed) or known.get(typed.casefold(), typed)

    def clean(self) -> dict[str, Any]:
        """Refuse a range that holds nothing."""
        found: dict[str, Any] = super().clean() or {}
        least, below = found.get("from"), found.get("to")
        if least is not None and below is not None and least >= below:
            self.add_error("to", _("This must be more than where the range begins."))
        return found

    def asked(self) -> Asked:
        """Return what a valid form asks for."""
        found = self.cleaned_data
        given: dict[str, Any] = {field: found.get(name) for name, field in PARAMETERS.items()}
        filters = Filters(**{field: value for field, value in given.items() if value not in ("", None)})
        if filters.below == WHOLE:
            filters = replace(filters, below=None)
        return Asked(filters, Order(self.cleaned_data["sort"] or Order.RISK))


def canonical(query: str) -> str | None:
    """Return a query string in the one way that we write it, or None when it is no list's."""
    form = ListForm(QueryDict(query))
    return form.asked().query if form.is_valid() else None


Words = dict[str, dict[str, str | Promise]]

_WORDS: Words = {
    "band": dict(BANDS),
    "level": {**LEVELS},
    "gender": {**GENDERS},
    "seen": dict(SEEN),
    "contacted": dict(CONTACTED),
}
_NAMES: dict[str, str | Promise] = {
    "band": _("Risk"),
    "level": _("Level"),
    "gender": _("Gender"),
    "place": _("Place"),
    "seen": _("Last seen"),
    "risen": _("Risen since the last snapshot"),
    "from": _("From"),
    "to": _("Below"),
    "contacted": _("Contacted"),
    "assigned": _("With a task for me"),
}


@dataclass(frozen=True)
class Chip:
    """One filter: its name, its value in words (nothing where the name says all), and the query string without it."""

    name: str | Promise
    value: str | Promise
    without: str


def chips_of(asked: Asked) -> list[Chip]:
    """Return the filters in force, in the order of the address."""
    return [_chip(asked, parameter) for parameter, field in PARAMETERS.items() if _is_set(asked, field)]


def _is_set(asked: Asked, field: str) -> bool:
    return getattr(asked.filters, field) not in (None, False)


def _chip(asked: Asked, parameter: str) -> Chip:
    value = getattr(asked.filters, PARAMETERS[parameter])
    words: str | Promise = _WORDS.get(parameter, {}).get(value) or str(value)
    if value is True:
        words = ""
    if parameter in ("from", "to"):
        words = f"{value} %"
    return Chip(_NAMES[parameter], words, asked.without(parameter).query)
