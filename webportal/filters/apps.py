"""App configuration."""

from django.apps import AppConfig


class FiltersConfig(AppConfig):
    """Saved filters."""

    name = "webportal.filters"

    def ready(self) -> None:
        """Have the audit record changes of saved filters."""
        # models can be imported from here on
        from webportal.audit.receivers import watch_changes
        from webportal.filters.models import SavedFilter

        watch_changes(SavedFilter)
