"""App configuration."""

from django.apps import AppConfig
from django.urls import register_converter

from webportal.accounts.scope_levels import register_levels
from webportal.common.customer_numbers import NumberConverter
from webportal.common.personal_data import register


class CustomersConfig(AppConfig):
    """Customers of the current snapshot."""

    name = "webportal.customers"

    def ready(self) -> None:
        """Register the converter of routes that name customers, levels for scopes of teams, and personal data."""
        # models can be imported from here on
        from webportal.customers.current_snapshot import current_levels
        from webportal.customers.personal_data import erase, export, pseudonyms_of

        register_converter(NumberConverter, "customer")
        register("customers", export, erase, identifiers=pseudonyms_of)
        register_levels(current_levels)
