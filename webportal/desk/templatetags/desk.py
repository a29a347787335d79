"""Template tags of the desk, for pages of other parts of the portal."""

from typing import Any

from django import template

from webportal.accounts.models import DeskSettings
from webportal.customers.models import CustomerColumns
from webportal.desk.hold_out import is_held_out

register = template.Library()


@register.inclusion_tag("desk/hold_out_badge.html", takes_context=True)
def hold_out_badge(context: dict[str, Any], customer: CustomerColumns) -> dict[str, bool]:
    """Mark a customer who is held out. The share came with the user of the request, so a list asks no query more."""
    saved: int | None = getattr(context["request"].user, "hold_out_percent", None)
    return {"held_out": is_held_out(customer, DeskSettings().hold_out_percent if saved is None else saved)}
