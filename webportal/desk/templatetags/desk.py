"""Template tags of the desk, for pages of other parts of the portal."""

from typing import Any

from django import template
from django.http import HttpRequest

from webportal.accounts.models import DeskSettings
from webportal.customers.models import CustomerColumns
from webportal.desk.hold_out import is_held_out

register = template.Library()

_PERCENT = "_encore_hold_out_percent"


@register.inclusion_tag("desk/hold_out_badge.html", takes_context=True)
def hold_out_badge(context: dict[str, Any], customer: CustomerColumns) -> dict[str, bool]:
    """Mark a customer who is held out. The setting is read once a request, and only for customers with a draw."""
    if customer.hold_out_draw is None:
        return {"held_out": False}
    return {"held_out": is_held_out(customer, _percent(context["request"]))}


def _percent(request: HttpRequest) -> int:
    if not hasattr(request, _PERCENT):
        setattr(request, _PERCENT, DeskSettings.current().hold_out_percent)
    percent: int = getattr(request, _PERCENT)
    return percent
