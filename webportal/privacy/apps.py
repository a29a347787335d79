"""App configuration."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Export and erasure of a person."""

    name = "webportal.privacy"
