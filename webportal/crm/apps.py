"""App configuration."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    """Screen-pop and card for other systems."""

    name = "webportal.crm"
