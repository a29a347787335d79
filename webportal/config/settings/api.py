"""Settings of the API."""

from typing import Any

API_REQUESTS_PER_MINUTE = {"token": 120, "address": 300}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["webportal.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],  # no page that sends requests
    "DEFAULT_PARSER_CLASSES": ["webportal.api.parsing.JsonBody"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "webportal.api.negotiation.JsonAlone",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "webportal.api.problems.problem_of",
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
