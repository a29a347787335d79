"""What every template may use."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest

from webportal.customers.current import current_snapshot, failed_run


def snapshot(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Offer `snapshot` and `failed_run`, read only when a template of a signed-in user asks for them."""
    if not request.user.is_authenticated:
        return {}
    return {"snapshot": partial(current_snapshot, request), "failed_run": partial(failed_run, request)}
