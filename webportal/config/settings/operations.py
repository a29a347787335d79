"""Settings of those who watch the portal."""

from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from webportal.config.environment import optional

METRICS_TOKEN = optional("ENCORE_METRICS_TOKEN")
"""What Prometheus sends as `Authorization: Bearer ...`; without it and METRICS_FROM there is no `/metrics`."""

METRICS_FROM = [word.strip() for word in (optional("ENCORE_METRICS_FROM") or "").split(",") if word.strip()]
"""Addresses and networks that may ask without the token."""

_LEAST_TOKEN_LENGTH = 24

if METRICS_TOKEN is not None and len(METRICS_TOKEN) < _LEAST_TOKEN_LENGTH:
    raise ImproperlyConfigured(f"ENCORE_METRICS_TOKEN is shorter than {_LEAST_TOKEN_LENGTH} characters.")
try:
    _ = [ip_network(word) for word in METRICS_FROM]
except ValueError:
    raise ImproperlyConfigured("ENCORE_METRICS_FROM is no list of addresses and networks, as in 10.0.0.0/8.") from None

SERVER_TIMING = optional("ENCORE_SERVER_TIMING") == "1"
"""Whether answers say how long they and their database took, for the browser's tools and for benchmarks."""
