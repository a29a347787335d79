"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Watches, alerts and how they are delivered."""

    name = "webportal.alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        """Have the audit record changes of webhooks."""
        # models can be imported from here on
        from webportal.alerts.models import Webhook
        from webportal.audit.receivers import watch_changes

        watch_changes(Webhook)
