"""What the OpenAPI generator cannot know by itself."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
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
