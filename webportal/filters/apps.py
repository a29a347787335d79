"""App configuration."""

from django.apps import AppConfig


class FiltersConfig(AppConfig):
    """Saved filters."""

    name = "webportal.filters"

    def ready(self) -> None:
        """Register the menu of the list, and the model whose changes the audit records."""
        # models can be imported from here on
        from webportal.audit.receivers import watch_changes
        from webportal.customers.extensions import Slot, register_panel
        from webportal.filters.models import SavedFilter
        from webportal.filters.views import load_menu

        watch_changes(SavedFilter)
        register_panel(Slot.LIST_HEAD, "filters/menu.html", load_menu)
