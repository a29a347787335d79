"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from webportal.common.personal_data import register


class AlertsConfig(AppConfig):
    """Watches, alerts and how they are delivered."""

    name = "webportal.alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        """Register personal data, and the model whose changes the audit records."""
        # models can be imported from here on
        from webportal.alerts import keeping
        from webportal.alerts.models import Webhook
        from webportal.audit.receivers import watch_changes

        watch_changes(Webhook)
        register("alerts", keeping.export, keeping.erase, keeping.delete_before)
