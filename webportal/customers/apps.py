"""App configuration."""

from django.apps import AppConfig
from django.urls import register_converter

from webportal.customers.numbers import NumberConverter


class CustomersConfig(AppConfig):
    """Customers of the current snapshot."""

    name = "webportal.customers"

    def ready(self) -> None:
        """Let routes name customers."""
        register_converter(NumberConverter, "customer")
