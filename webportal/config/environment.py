"""Encore's environment variables, read in one place; errors name the missing or wrong one."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from spark_assets.contracts.mail_server import MailServer


def one_line(failure: ImproperlyConfigured | OperationalError) -> str:
    """Return what an operator needs to know about `failure`, on one line."""
    first = str(failure).strip().splitlines()[0] if str(failure).strip() else type(failure).__name__
    if isinstance(failure, ImproperlyConfigured):
        return f"Encore cannot start: {first}"
    database = settings.DATABASES["default"]
    place = f"{database['HOST'] or 'local socket'}:{database['PORT'] or 5432}/{database['NAME']}"
    return f"Encore cannot reach Postgres at {place}: {first}"


SCHEMES = ("postgres", "postgresql")
SHAPE = "postgresql://user:password@host:5432/database"
CONNECT_TIMEOUT_SECONDS = "5"
LOG_FORMATS = ("line", "json")
_HOST = r"[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?"
_PREFIX = re.compile(r"(?:/[0-9A-Za-z._~-]+)+", re.ASCII)
_ORIGIN = re.compile(rf"(?P<scheme>https?://)?(?P<host>(?:\*\.)?{_HOST}(?::[0-9]{{1,5}})?)", re.ASCII)


def optional(name: str) -> str | None:
    """Return the variable `name`, or what the file that `NAME_FILE` names holds, stripped; None when neither is set.

    Raises `ImproperlyConfigured`, naming the variable, when both are set, or when the file is empty or cannot be read.
    """
    value, file = os.environ.get(name, "").strip(), os.environ.get(f"{name}_FILE", "").strip()
    if not file:
        return value or None
    if value:
        raise ImproperlyConfigured(f"The environment variables {name} and {name}_FILE are both set: keep one.")
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it holds no text"
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read: {reason}.") from None
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which is empty.")
    return value


def required(name: str) -> str:
    """Return the variable `name` as `optional` does; raise `ImproperlyConfigured` when it is missing or empty."""
    value = optional(name)
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return value


def words(name: str) -> list[str]:
    """Return the comma-separated variable `name` as a list; raise `ImproperlyConfigured` when it holds none."""
    found = [word.strip() for word in required(name).split(",") if word.strip()]
    if not found:
        raise ImproperlyConfigured(f"The environment variable {name} names nothing.")
    return found


def origins(name: str) -> list[str]:
    """Return the comma-separated origins of the variable `name`, none when it is not set.

    `https://crm.example`, `https://*.crm.example:8443`; without a scheme it is `https`. Raises `ImproperlyConfigured`
    for anything else: it would end up in a header.
    """
    found = [_ORIGIN.fullmatch(word.strip()) for word in (optional(name) or "").split(",") if word.strip()]
    if None in found:
        raise ImproperlyConfigured(f"The environment variable {name} names more than hosts, as in https://crm.example.")
    return [f"{each['scheme'] or 'https://'}{each['host']}" for each in found if each]


def hosts(name: str) -> list[str]:
    """Return the comma-separated host names or addresses of the variable `name` in lower case, none when not set."""
    found = [word.strip().lower() for word in (optional(name) or "").split(",") if word.strip()]
    if not all(re.fullmatch(_HOST, word) for word in found):
        raise ImproperlyConfigured(f"The environment variable {name} names more than hosts, as in crm.internal.")
    return found


def optional_address(name: str) -> str | None:
    """Return the origin in the variable `name`, without a slash at its end; None when it is not set."""
    found = origins(name)
    if len(found) > 1 or any("*" in each for each in found):
        raise ImproperlyConfigured(f"The environment variable {name} is not one address, as in https://encore.example.")
    return found[0] if found else None


def path_prefix(name: str) -> str | None:
    """Return the path in the variable `name`, as `/encore`; None when it is not set.

    Raises `ImproperlyConfigured` for anything else: it would end up in every address. A slash at the end is refused
    too, as gunicorn would take it for a part of the prefix.
    """
    prefix = optional(name)
    if prefix and not _PREFIX.fullmatch(prefix):
        raise ImproperlyConfigured(f"The environment variable {name} is not of the form /encore: no slash at the end.")
    return prefix


def number(name: str, default: int, *, least: int, greatest: int) -> int:
    """Return the variable `name` as a whole number within its bounds, or `default` when it is not set.

    Raises `ImproperlyConfigured` naming it when it is no such number.
    """
    text = optional(name)
    if text is None:
        return default
    if not text.isdecimal() or not least <= int(text) <= greatest:
        raise ImproperlyConfigured(f"The environment variable {name} is not a whole number from {least} to {greatest}.")
    return int(text)


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for the Postgres at `url`; further libpq parameters may follow as a query.

    Raises `ImproperlyConfigured`, without showing the URL, when it is not a Postgres URL that names a database.
    """
    parts = _split(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in SCHEMES or not name or "/" in name:
        raise ImproperlyConfigured(f"DATABASE_URL is not of the form {SHAPE}.")
    options = {"connect_timeout": CONNECT_TIMEOUT_SECONDS, **dict(parse_qsl(parts.query))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        # A connection is kept for a minute and checked before it is used again, so that a restart of Postgres
        # costs no visitor an error page.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _split(url: str) -> SplitResult:
    """Split `url`, and turn the ValueError of a bad port or host into one that does not show the URL."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed on access only
    except ValueError:
        raise ImproperlyConfigured(f"DATABASE_URL is not of the form {SHAPE}.") from None
    return parts


def log_format(default: str) -> str:
    """Return `ENCORE_LOG_FORMAT`; raise `ImproperlyConfigured` when it is none of `LOG_FORMATS`."""
    chosen = optional("ENCORE_LOG_FORMAT") or default
    if chosen not in LOG_FORMATS:
        raise ImproperlyConfigured(f"ENCORE_LOG_FORMAT is not one of {', '.join(LOG_FORMATS)}.")
    return chosen


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
