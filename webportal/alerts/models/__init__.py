"""Watches, what they found, and how it was delivered."""

from webportal.alerts.models.alert import Alert, AlertedCustomer
from webportal.alerts.models.delivery import Channel, Delivery, State
from webportal.alerts.models.watch import Watch
from webportal.alerts.models.webhook import Webhook

__all__ = ["Alert", "AlertedCustomer", "Channel", "Delivery", "State", "Watch", "Webhook"]
