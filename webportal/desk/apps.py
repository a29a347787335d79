"""App configuration."""

from django.apps import AppConfig

from webportal.common.personal_data import register


class DeskConfig(AppConfig):
    """Contacts, notes, tasks and the worklist."""

    name = "webportal.desk"

    def ready(self) -> None:
        """Register personal data."""
        # models can be imported from here on
        from webportal.desk import privacy

        register("desk", privacy.export, privacy.erase, privacy.delete_before)
