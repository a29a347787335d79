"""What allauth asks Encore: who may sign up, where a request comes from, how secrets are kept."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import timezone

from webportal.common.addresses import NO_ADDRESS, client_address, network_of
from webportal.common.encryption import SECOND_FACTORS

RESET_MAIL = "account/email/password_reset_key"
"""Allauth's name for the mail with a link for a new password."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # untyped library
    """Accounts are made by invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Say in a mail with a link for a new password when that ends: the mail may wait for its server until then."""
        if template_prefix == RESET_MAIL:
            ends = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
            headers = {**(headers or {}), "Expires": format_datetime(ends)}
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return message

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits of rates count by, and that a session keeps."""
        return client_address(request) or NO_ADDRESS

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Count failures of a name by address as well: else anybody could keep its owner out from anywhere."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{network_of(client_address(request))}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # untyped library
    """Keeps the secrets of second factors encrypted, so that a copy of the database does not give them away."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret by the newest key."""
        return SECOND_FACTORS.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret, also one that a former key encrypted (`DJANGO_SECRET_KEY_FALLBACKS`)."""
        return SECOND_FACTORS.decrypt(encrypted_text)
