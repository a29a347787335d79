"""App configuration."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Readiness, figures, logs, and the service that follows snapshots."""

    name = "webportal.operations"
