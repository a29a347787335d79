"""Settings of `make up`: gunicorn on 127.0.0.1 without TLS. Secrets still come from the environment."""

import os
from pathlib import Path

from webportal.config.environment import number

from .base import *  # noqa: F403 - settings modules extend each other this way

PROXIES_IN_FRONT = number("ENCORE_PROXIES", 0, least=0, greatest=9)
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("ENCORE_ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")]

# WhiteNoise serves the files from where they lie: `make up` needs no collectstatic.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None

# There is no mail server: mails lie as files below ENCORE_HOME, or show in the terminal without one.
if os.environ.get("ENCORE_HOME"):
    MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(Path(os.environ["ENCORE_HOME"]) / "mail")
else:
    MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
