"""App configuration."""

from django.apps import AppConfig
from django.urls import register_converter

from webportal.common.personal_data import register
from webportal.customers.numbers import NumberConverter


class CustomersConfig(AppConfig):
    """Customers of the current snapshot."""

    name = "webportal.customers"

    def ready(self) -> None:
        """Register the converter of routes that name customers, and personal data."""
        # models can be imported from here on
        from webportal.customers.personal_data import erase, export, pseudonyms_of

        register_converter(NumberConverter, "customer")
        register("customers", export, erase, identifiers=pseudonyms_of)
