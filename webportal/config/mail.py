"""Django's mail settings from one variable, `EMAIL_URL`; it carries a password and is never shown."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHAPE = "smtps://user:password@host:465 (TLS from the start) or smtp://user:password@host:587 (STARTTLS)"
PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT_SECONDS = 10


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for the mail server at `url`; the way there is always encrypted.

    Raises `ImproperlyConfigured`, without showing the URL, when it is not of the form `SHAPE`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"EMAIL_URL is not of the form {SHAPE}.") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"EMAIL_URL is not of the form {SHAPE}.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
