"""The snapshot that a request sees: asked for once, so that one page never mixes two."""

from django.http import HttpRequest

from webportal.customers.models import FailedRun, Snapshot
from webportal.customers.selectors import Shown, get_shown

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
