"""The filters in force, each in words and with the address of the list without it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webportal.common.values import GENDERS, LEVELS
from webportal.customers.addresses import BANDS, CONTACTED, PARAMETERS, SEEN, Asked

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
