"""App configuration."""

from django.apps import AppConfig


class FiltersConfig(AppConfig):
    """Saved filters."""

    name = "webportal.filters"
