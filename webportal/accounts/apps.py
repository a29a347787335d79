"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may sign in."""

    name = "webportal.accounts"

    def ready(self) -> None:
        """Have the audit record changes of users, teams, invitations and settings."""
        # models can be imported from here on
        from webportal.accounts.models import DeskSettings, Invitation, Team, User
        from webportal.audit.receivers import watch_changes

        watch_changes(DeskSettings, Invitation, Team, User)
