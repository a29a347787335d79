"""App configuration."""

from django.apps import AppConfig


class FiltersConfig(AppConfig):
    """Saved filters."""

    name = "webportal.saved_filters"
    label = "filters"  # of its table, from before the app had this name

    def ready(self) -> None:
        """Register the menu of the list, and the model whose changes the audit records."""
        # models can be imported from here on
        from webportal.audit.receivers import watch_changes
        from webportal.customers.extensions import Slot, register_panel
        from webportal.saved_filters.models import SavedFilter
        from webportal.saved_filters.views import load_menu

        watch_changes(SavedFilter)
        register_panel(Slot.LIST_HEAD, "saved_filters/menu.html", load_menu)
