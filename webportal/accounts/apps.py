"""App configuration."""

from django.apps import AppConfig

from webportal.common.personal_data import register


class AccountsConfig(AppConfig):
    """Who may sign in."""

    name = "webportal.accounts"

    def ready(self) -> None:
        """Register personal data, and the models whose changes the audit records."""
        # models can be imported from here on
        from webportal.accounts import personal_data
        from webportal.accounts.models import DeskSettings, Invitation, Team, User
        from webportal.audit.receivers import watch_changes

        watch_changes(DeskSettings, Invitation, Team, User)
        register("accounts", personal_data.export, personal_data.erase, personal_data.delete_before)
