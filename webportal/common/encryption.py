"""Encryption of texts that the portal keeps and reads again: by the newest secret key, readable by former ones."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


class Box:
    """Encrypts texts for one purpose, by keys derived from `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.

    What was encrypted for one purpose opens in no other box.
    """

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose

    def encrypt(self, text: str) -> str:
        """Encrypt by the newest key."""
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Decrypt what the newest or a former key encrypted; raises `InvalidToken` for anything else."""
        return self._cipher().decrypt(encrypted.encode()).decode()

    def is_current(self, encrypted: str) -> bool:
        """Tell whether the newest key encrypted it, so that former keys are not needed for it."""
        try:
            self._fernets()[0].decrypt(encrypted.encode())
        except InvalidToken:
            return False
        return True

    def _cipher(self) -> MultiFernet:
        return MultiFernet(self._fernets())

    def _fernets(self) -> Sequence[Fernet]:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        derived = (sha256(f"encore {self.purpose}:".encode() + force_bytes(key)).digest() for key in keys)
        return [Fernet(urlsafe_b64encode(key)) for key in derived]


SECOND_FACTORS = Box("second factor")
WEBHOOKS = Box("webhook secret")
