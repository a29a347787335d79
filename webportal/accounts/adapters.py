"""What allauth asks Encore: who may sign up, where a request comes from, how secrets are kept."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from webportal.common.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # untyped library
    """Accounts are made by invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits of rates count by."""
        return client_address(request) or "unknown"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # untyped library
    """Keeps the secrets of second factors encrypted, so that a copy of the database does not give them away."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret by the newest key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret, also one that a former key encrypted (`DJANGO_SECRET_KEY_FALLBACKS`)."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (sha256(b"encore second factor:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
