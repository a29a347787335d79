"""App configuration."""

from django.apps import AppConfig

from webportal.common.personal_data import register


class DeskConfig(AppConfig):
    """Contacts, notes, tasks and the worklist."""

    name = "webportal.desk"

    def ready(self) -> None:
        """Register the panel of the customer page, filters of the list, the follower, and personal data."""
        # models can be imported from here on
        from webportal.customers.extensions import FilterField, Slot, register_filter, register_follower, register_panel
        from webportal.desk import customer_filters, personal_data
        from webportal.desk.measurement import follow
        from webportal.desk.views.base import load_panel

        register("desk", personal_data.export, personal_data.erase, personal_data.delete_before)
        register_panel(Slot.CUSTOMER_SIDE, "desk/customer_panel.html", load_panel)
        register_filter(FilterField("contacted", customer_filters.contacted))
        register_filter(FilterField("assigned", customer_filters.assigned))
        register_follower(follow)
