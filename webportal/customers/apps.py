"""App configuration."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers of the current snapshot."""

    name = "webportal.customers"
