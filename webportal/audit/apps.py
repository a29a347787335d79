"""App configuration."""

from django.apps import AppConfig

from webportal.common.personal_data import register


class AuditConfig(AppConfig):
    """The audit: append-only in the database."""

    name = "webportal.audit"

    def ready(self) -> None:
        """Listen to logins, lockouts and changes, and register personal data; an erasure keeps the events."""
        # models can be imported from here on
        from webportal.audit import (
            personal_data,
            receivers,  # noqa: F401 - the import connects the receivers
        )

        register("audit", personal_data.export, delete_before=personal_data.delete_before)
