"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from webportal.common.personal_data import register


class AlertsConfig(AppConfig):
    """Watches, alerts and how they are delivered."""

    name = "webportal.alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        """Register the button of the customer page, the follower, personal data, and the model for the audit."""
        # models can be imported from here on
        from webportal.alerts import keeping
        from webportal.alerts.delivery import follow
        from webportal.alerts.models import Webhook
        from webportal.alerts.views import load_button
        from webportal.audit.receivers import watch_changes
        from webportal.customers.extensions import Slot, register_follower, register_panel

        watch_changes(Webhook)
        register("alerts", keeping.export, keeping.erase, keeping.delete_before)
        register_panel(Slot.CUSTOMER_BADGES, "alerts/watch_button.html", load_button)
        register_follower(follow)
