"""App configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API and its tokens."""

    name = "webportal.api"
    verbose_name = "API"

    def ready(self) -> None:
        """Tell the OpenAPI generator how the API is signed in to: it knows those whose modules were imported."""
        from webportal.api import schema  # noqa: F401 - it needs the app registry
