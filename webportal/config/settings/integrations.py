"""Settings of the API, of card, alerts and webhooks, and of monitoring."""

from ipaddress import ip_network
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from webportal.config.environment import hosts, number, optional, optional_address, origins

API_REQUESTS_PER_MINUTE = {"token": 120, "address": 300}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["webportal.api.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],  # no page that sends requests
    "DEFAULT_PARSER_CLASSES": ["webportal.api.formats.JsonBody"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "webportal.api.formats.JsonAlone",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "webportal.api.formats.problem_of",
    "URL_FORMAT_OVERRIDE": None,  # no `?format=`
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Encore API",
    "DESCRIPTION": "How likely customers are to leave, as of the newest snapshot.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # the words of a choice say no more than the choice
}


# Who may frame the card; nobody unless named. No other page is framed by anybody else.
EMBED_HOSTS = origins("ENCORE_EMBED_HOSTS")
CARD_LIFE_SECONDS = number("ENCORE_CARD_MINUTES", 10, least=1, greatest=60) * 60

# Where mails say that the portal is; without it they name no address.
PUBLIC_URL = optional_address("ENCORE_PUBLIC_URL")

# Hosts of our own network that webhooks may go to, also without TLS; all others must be public and speak HTTPS.
WEBHOOK_HOSTS = hosts("ENCORE_WEBHOOK_HOSTS")
WEBHOOK_SECONDS = number("ENCORE_WEBHOOK_SECONDS", 10, least=1, greatest=60)

# Every mail of the portal waits in its database; the follower sends it by MAIL_TRANSPORT, which `dev` and `prod` name.
EMAIL_BACKEND = "webportal.alerts.outbox.Outbox"

KEEP_ALERT_DAYS = number("ENCORE_KEEP_ALERT_DAYS", 90, least=1, greatest=3650)


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
