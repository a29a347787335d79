"""What the OpenAPI generator cannot know by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # untyped base
    """How to sign in."""

    target_class = "webportal.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the bearer scheme; tokens are made in the administration."""
        scheme: dict[str, str] = build_bearer_security_scheme_object("Authorization", "Bearer")  # type: ignore[no-untyped-call] # untyped library
        return scheme


class KnownFields(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # untyped base
    """That a body may hold nothing but its fields."""

    target_class = "webportal.api.parameters.Known"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """Return the schema of the serializer, closed."""
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # type: ignore[no-untyped-call] # untyped library
        return {**schema, "additionalProperties": False}
