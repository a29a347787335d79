"""Settings of the tests: those of `dev`, a fast password hasher, and a throw-away key.

`DATABASE_URL` says which Postgres server the tests may create databases on. The default is a place where none need
be: it lets tools that only import settings (mypy) do so.
"""

import os
import secrets

_DEFAULTS = {
    "DJANGO_SECRET_KEY": secrets.token_urlsafe(48),
    "DATABASE_URL": "postgresql://encore@127.0.0.1:5432/encore",
}
os.environ.update({name: value for name, value in _DEFAULTS.items() if not os.environ.get(name)})  # empty is not set

from .dev import *  # noqa: E402, F403 - the environment above is read on import

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the tests sign in often, and guard nothing
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
