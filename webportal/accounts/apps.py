"""App configuration, and Django's admin with the portal's own login page."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from webportal.common.personal_data import register


class EncoreAdminConfig(AdminConfig):
    """Django's admin with our site in place of its default one."""

    default_site = "webportal.accounts.admin_site.EncoreAdminSite"


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
