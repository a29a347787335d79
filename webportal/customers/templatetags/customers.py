"""Template tags that mark customers."""

from typing import Any

from django import template

from webportal.customers.hold_out import is_held_out, percent_known_to
from webportal.customers.models import CustomerColumns

register = template.Library()


@register.inclusion_tag("customers/hold_out_badge.html", takes_context=True)
def hold_out_badge(context: dict[str, Any], customer: CustomerColumns) -> dict[str, bool]:
    """Mark a customer who is held out."""
    return {"held_out": is_held_out(customer, percent_known_to(context["request"].user))}
