"""The current snapshot of a request, read once so that a page never mixes two, and the context of all templates."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest

from webportal.customers.models import FailedRun, Snapshot, summary_of
from webportal.customers.selectors import Shown, get_current_snapshot, get_shown

_ATTRIBUTE = "_encore_shown"


def current_snapshot(request: HttpRequest) -> Snapshot | None:
    """Return the snapshot of this request, or None before the first publish."""
    return _shown(request).snapshot


def failed_run(request: HttpRequest) -> FailedRun | None:
    """Return the run that failed after the snapshot of this request was published, if one did."""
    return _shown(request).failed_run


def _shown(request: HttpRequest) -> Shown:
    if not hasattr(request, _ATTRIBUTE):
        setattr(request, _ATTRIBUTE, get_shown())
    shown: Shown = getattr(request, _ATTRIBUTE)
    return shown


def current_levels() -> list[str]:
    """Return the levels that the current snapshot counts; none before the first publish."""
    snapshot = get_current_snapshot()
    return list(summary_of(snapshot)["levels"]) if snapshot else []


def snapshot(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Offer `snapshot` and `failed_run`, read only when a template of a signed-in user asks for them."""
    if not request.user.is_authenticated:
        return {}
    return {"snapshot": partial(current_snapshot, request), "failed_run": partial(failed_run, request)}
