"""One clear line for what can go wrong at start, with no password in it."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError


def one_line(failure: ImproperlyConfigured | OperationalError) -> str:
    """Return what an operator needs to know about `failure`, on one line."""
    first = str(failure).strip().splitlines()[0] if str(failure).strip() else type(failure).__name__
    if isinstance(failure, ImproperlyConfigured):
        return f"Encore cannot start: {first}"
    database = settings.DATABASES["default"]
    place = f"{database['HOST'] or 'local socket'}:{database['PORT'] or 5432}/{database['NAME']}"
    return f"Encore cannot reach Postgres at {place}: {first}"
