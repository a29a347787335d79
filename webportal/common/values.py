"""Values that the logs bring, as pages name them: the usual ones translated, any other as it is written.

No list of them is closed: a service may have a plan `family`, and a log may say nothing at all.
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import CUSTOMER_SNAPSHOT, OTHERS, UNKNOWN

FREE, PAID = "free", "paid"
LEVELS: dict[str, Promise] = {PAID: _("Paid"), FREE: _("Free"), UNKNOWN: _("Unknown"), OTHERS: _("Others")}
GENDERS: dict[str, Promise] = {"F": _("Women"), "M": _("Men"), UNKNOWN: _("Unknown"), OTHERS: _("Others")}
MAX_LENGTHS = {column.name: column.max_bytes or 0 for column in CUSTOMER_SNAPSHOT.columns}
"""Letters that a value of a column has at most."""


def level_label(level: str | None) -> str:
    """Return a level in words."""
    return str(LEVELS.get(level or UNKNOWN) or level)


def is_paying(level: str | None) -> bool:
    """Whether a level is one that customers pay for: any but `free`, and not an unknown one."""
    return level not in (None, "", UNKNOWN) and str(level).casefold() != FREE


def in_order(values: Iterable[str], known: Mapping[str, Promise]) -> list[str]:
    """Return values as pages list them: the known ones in their order, then all others by name."""
    found = set(values)
    return [*(value for value in known if value in found), *sorted(value for value in found if value not in known)]
