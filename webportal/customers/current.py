"""The snapshot that a request sees: asked for once, so that one page never mixes two."""

from django.http import HttpRequest

from webportal.customers.models import Snapshot
from webportal.customers.selectors import get_current_snapshot

_ATTRIBUTE = "_encore_snapshot"


def current_snapshot(request: HttpRequest) -> Snapshot | None:
    """Return the snapshot of this request, or None before the first publish."""
    if not hasattr(request, _ATTRIBUTE):
        setattr(request, _ATTRIBUTE, get_current_snapshot())
    snapshot: Snapshot | None = getattr(request, _ATTRIBUTE)
    return snapshot
