"""The snapshot that a request sees: asked for once, so that one page never mixes two."""

from django.http import HttpRequest

from webportal.customers.models import FailedRun, Snapshot
from webportal.customers.selectors import Shown, get_current_snapshot, get_shown
from webportal.customers.summary import summary_of

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
