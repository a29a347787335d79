"""Template tags of the desk, for pages of other parts of the portal."""

from typing import Any

from django import template

from webportal.customers.models import CustomerColumns
from webportal.desk.hold_out import is_held_out, percent_known_to

register = template.Library()


@register.inclusion_tag("desk/hold_out_badge.html", takes_context=True)
def hold_out_badge(context: dict[str, Any], customer: CustomerColumns) -> dict[str, bool]:
    """Mark a customer who is held out."""
    return {"held_out": is_held_out(customer, percent_known_to(context["request"].user))}
