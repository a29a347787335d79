"""Figures as templates show them."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(probability: float) -> str:
    """Return a probability in percent with one decimal, as the customer page says it."""
    return number_format(probability * 100, 1)
