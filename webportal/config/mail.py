"""Django's mail settings from one variable, `EMAIL_URL`; it carries a password and is never shown."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from spark_assets.contracts.mail_server import MailServer

TIMEOUT_SECONDS = 10


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for the mail server at `url` (see `MailServer`).

    Raises `ImproperlyConfigured`, without showing the URL, when it is of no form that `MailServer` knows.
    """
    try:
        server = MailServer.from_url(url)
    except ValueError as wrong:
        raise ImproperlyConfigured(str(wrong)) from None
    return {
        "MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.host,
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": server.user,
        "EMAIL_HOST_PASSWORD": server.password,
        "EMAIL_USE_SSL": server.security == "smtps",
        "EMAIL_USE_TLS": server.security == "smtp",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
