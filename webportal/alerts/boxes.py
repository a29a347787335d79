"""Secrets of webhooks and waiting mails, kept encrypted, so that a copy of the database does not give them away."""

from webportal.common.encryption import WEBHOOKS


def seal(secret: str) -> str:
    """Encrypt a secret by the newest key."""
    return WEBHOOKS.encrypt(secret)


def unseal(sealed: str) -> str:
    """Decrypt a secret, also one that a former key encrypted; raises `InvalidToken` for one that none of ours did."""
    return WEBHOOKS.decrypt(sealed)
