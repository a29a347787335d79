"""App configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Contacts, notes, tasks and the worklist."""

    name = "webportal.desk"
