"""Secrets kept encrypted, so that a copy of the database does not give them away."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(secret: str) -> str:
    """Encrypt a secret by the newest key."""
    return _cipher().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a secret, also one that a former key encrypted; raises `InvalidToken` for one that none of ours did."""
    return _cipher().decrypt(sealed.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (sha256(b"encore webhook secret:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
