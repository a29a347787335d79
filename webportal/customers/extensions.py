"""Registry of what other apps add to the pages of customers, and of what they do after each snapshot.

They register in `AppConfig.ready()`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from webportal.customers.models import Snapshot
from webportal.customers.selectors import Viewer


class Slot(StrEnum):
    """A place on a page that holds panels. The templates ask for it by its value."""

    CUSTOMER_SIDE = "customer_side"
    CUSTOMER_BADGES = "customer_badges"
    LIST_HEAD = "list_head"


Load = Callable[[HttpRequest, Mapping[str, Any]], Mapping[str, Any]]
"""Returns the variables of a panel from the request and the variables of the page."""


@dataclass(frozen=True)
class Panel:
    """A template in a slot, and the function that loads its variables."""

    template: str
    load: Load


@dataclass(frozen=True)
class FilterField:
    """A filter of the list whose condition another app knows."""

    name: str
    """Name of the value in `Filters`."""
    condition: Callable[[Any, Snapshot, Viewer], Q]
    """Returns the condition of a value; an empty one where it filters nothing for the viewer."""


@dataclass(frozen=True)
class FollowerRun:
    """The current snapshot as a follower meets it; None before the first publish."""

    snapshot: Snapshot | None
    is_due: bool
    """Whether the follower has not run yet for this snapshot, or not for an hour."""
    may_go_on: Callable[[], bool]
    """Asked before each long step. What it keeps back is done by the next run."""


@dataclass(frozen=True)
class FollowerResult:
    """What a follower did."""

    words: str = ""
    """One sentence for the log and the terminal."""
    is_news: bool = False
    """Whether the log gets a line."""
    facts: Mapping[str, int] = field(default_factory=dict)
    """Figures for the log by name."""
    failed: int = 0
    """Deliveries that failed and are tried again."""


Follow = Callable[[FollowerRun], FollowerResult]

_panels: dict[Slot, list[Panel]] = {slot: [] for slot in Slot}
_filters: list[FilterField] = []
_followers: list[Follow] = []


def register_panel(slot: Slot, template: str, load: Load) -> None:
    """Show `template` in a slot, with the variables that `load` returns."""
    _panels[slot].append(Panel(template, load))


def register_filter(added: FilterField) -> None:
    """Have the list and its export apply the filter."""
    _filters.append(added)


def register_follower(run: Follow) -> None:
    """Have the follower of snapshots call `run` at each look, in the order of registration."""
    _followers.append(run)


def with_panels(request: HttpRequest, page: dict[str, Any], *slots: Slot) -> dict[str, Any]:
    """Return the variables of a page, those of its panels and `panels`: the templates by slot."""
    loaded = dict(page)
    for slot in slots:
        for panel in _panels[slot]:
            loaded |= panel.load(request, page)
    return {**loaded, "panels": {slot.value: [panel.template for panel in _panels[slot]] for slot in slots}}


def registered_filters() -> tuple[FilterField, ...]:
    """Return the filters that other apps registered."""
    return tuple(_filters)


def registered_followers() -> tuple[Follow, ...]:
    """Return the followers that other apps registered."""
    return tuple(_followers)
