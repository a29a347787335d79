"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit: append-only in the database."""

    name = "webportal.audit"

    def ready(self) -> None:
        """Listen to logins, lockouts and changes."""
        from webportal.audit import receivers  # noqa: F401 - it needs the app registry
