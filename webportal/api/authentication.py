"""Signing in to the API: `Authorization: Bearer <token>`, and nothing else.

A session's cookie opens no endpoint, so that no other site can make a browser ask one.
"""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from webportal.accounts.models import User
from webportal.api import tokens
from webportal.api.models import ApiToken

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """Lets the owner of a live token in, and tells apart nothing about one that is not."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return owner and token, or None without a token; raise `AuthenticationFailed` for one that opens nothing."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = tokens.find_live_token(text.strip())
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        tokens.note_use(token)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        """Return what a refusal says about how to sign in."""
        return f'{SCHEME} realm="encore"'
