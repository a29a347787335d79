"""Settings of the tests: those of `dev`, a fast password hasher, and a throw-away key.

`DATABASE_URL` says which Postgres server the tests may create databases on. The default is a place where none need
be: it lets tools that only import settings (mypy) do so.
"""

import os
import secrets

os.environ.setdefault("DJANGO_SECRET_KEY", secrets.token_urlsafe(48))
os.environ.setdefault("DATABASE_URL", "postgresql://encore@127.0.0.1:5432/encore")

from .dev import *  # noqa: F403 - the environment above is read on import

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the tests sign in often, and guard nothing
