"""Settings behind TLS. Refuses to start without its secrets and its host names."""

import re

from django.core.exceptions import ImproperlyConfigured

from webportal.config.environment import log_format, mail_settings, number, required, words

from .base import *  # noqa: F403 - settings modules extend each other this way
from .base import FORCE_SCRIPT_NAME, LOGGING, SECRET_KEY, SECRET_KEY_FALLBACKS

LEAST_KEY_LENGTH = 50  # what `manage.py check --deploy` asks for

if len(SECRET_KEY) < LEAST_KEY_LENGTH:
    raise ImproperlyConfigured(f"DJANGO_SECRET_KEY is shorter than {LEAST_KEY_LENGTH} characters.")
if any(len(key) < LEAST_KEY_LENGTH for key in SECRET_KEY_FALLBACKS):
    raise ImproperlyConfigured(f"A key of DJANGO_SECRET_KEY_FALLBACKS is shorter than {LEAST_KEY_LENGTH} characters.")

ALLOWED_HOSTS = words("ENCORE_ALLOWED_HOSTS")

globals().update(mail_settings(required("EMAIL_URL")))
DEFAULT_FROM_EMAIL = required("ENCORE_MAIL_FROM")
SECOND_FACTOR_ROLES = ["administrator"]

PREFIX = f"{FORCE_SCRIPT_NAME}/".lstrip("/") if FORCE_SCRIPT_NAME else ""
SECURE_SSL_REDIRECT = True
# The proxy that ends TLS must set this header itself, and drop one that a visitor sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PROXIES_IN_FRONT = number("ENCORE_PROXIES", 1, least=1, greatest=9)  # that very proxy, which appends to X-Forwarded-For
# Load balancers and Prometheus ask without TLS.
SECURE_REDIRECT_EXEMPT = [rf"^{re.escape(PREFIX)}(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take such a name only over TLS, for the whole of this very host: no sibling host can plant one.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"

# Our own pages frame the exploring chart, see X_FRAME_OPTIONS in `base`.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

LOGGING["handlers"]["console"]["formatter"] = log_format(default="json")  # type: ignore[index]

# Hashed names for our own files, each also compressed once, by `manage.py collectstatic`.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "webportal.common.static_files.PortalStaticFilesStorage"},
}
