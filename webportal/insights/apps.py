"""App configuration."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """The overview and its exploring chart."""

    name = "webportal.insights"

    def ready(self) -> None:
        """Register the Dash app: django-plotly-dash knows those whose modules were imported."""
        from webportal.insights import dash_app  # noqa: F401 - it needs the app registry
