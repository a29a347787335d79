"""What every template may use."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest

from webportal.customers.current import current_snapshot


def snapshot(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Offer `snapshot`, read only when a template of a signed-in user asks for it."""
    return {"snapshot": partial(current_snapshot, request)} if request.user.is_authenticated else {}
