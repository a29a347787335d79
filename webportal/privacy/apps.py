"""App configuration."""

from django.apps import AppConfig

from webportal.common.personal_data import register


class PrivacyConfig(AppConfig):
    """Export and erasure of a person."""

    name = "webportal.privacy"

    def ready(self) -> None:
        """Register the list of the erased. An erasure keeps it, so that no run loads the customer again."""
        # models can be imported from here on
        from webportal.privacy.services import erased_pseudonyms, erasure_of

        register("privacy", erasure_of, identifiers=erased_pseudonyms)
