"""Django's admin with the portal's own login page."""

from django.contrib.admin.apps import AdminConfig


class EncoreAdminConfig(AdminConfig):
    """Django's admin with our site in place of its default one."""

    default_site = "webportal.accounts.admin_site.EncoreAdminSite"
