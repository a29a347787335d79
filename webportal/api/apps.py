"""App configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API and its tokens, the screen-pop and the card."""

    name = "webportal.api"
    verbose_name = "API"

    def ready(self) -> None:
        """Register the API's authentication with the OpenAPI generator, and its tokens with the audit."""
        # models can be imported from here on
        from webportal.api import openapi  # noqa: F401 - its import registers
        from webportal.api.models import ApiToken
        from webportal.audit.receivers import watch_changes

        watch_changes(ApiToken)
