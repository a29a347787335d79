"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Watches, alerts and how they are delivered."""

    name = "webportal.alerts"
    verbose_name = _("Alerts")
