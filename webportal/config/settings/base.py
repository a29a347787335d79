"""Settings that hold everywhere. Secrets come from the environment, and there is no default for one."""

import os
import tomllib
from pathlib import Path

from webportal.common.headers import HEADERS
from webportal.config.environment import database_settings, log_format, optional, path_prefix, required

from .authentication import *  # noqa: F403 - settings modules extend each other this way
from .integrations import *  # noqa: F403

PORTAL = Path(__file__).resolve().parent.parent.parent
with (PORTAL.parent / "pyproject.toml").open("rb") as file:
    ENCORE_VERSION: str = tomllib.load(file)["project"]["version"]

DEBUG = False  # no debug page ever: it would show customers and settings to whoever meets an error
SECRET_KEY = required("DJANGO_SECRET_KEY")
# Former keys, parted by white space: they still open what they signed and encrypted, and sign nothing new.
SECRET_KEY_FALLBACKS = (optional("DJANGO_SECRET_KEY_FALLBACKS") or "").split()
DATABASES = {"default": database_settings(required("DATABASE_URL"))}

INSTALLED_APPS = [
    "webportal.accounts.apps.EncoreAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_plotly_dash.apps.DjangoPlotlyDashConfig",
    "rest_framework",
    "drf_spectacular",
    "webportal.common",
    "webportal.accounts.apps.AccountsConfig",
    "webportal.audit",
    "webportal.customers",
    "webportal.saved_filters",
    "webportal.insights",
    "webportal.privacy",
    "webportal.api",
    "webportal.desk",
    "webportal.alerts",
    "webportal.operations",
]

MIDDLEWARE = [
    "webportal.operations.middleware.RequestMiddleware",
    "webportal.common.middleware.SecurityHeadersMiddleware",
    "webportal.common.middleware.RequestLimitsMiddleware",
    "webportal.common.middleware.FormAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "webportal.common.localization.RegionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "webportal.audit.middleware.AuditMiddleware",
    "webportal.accounts.middleware.SessionLimitsMiddleware",
    "webportal.accounts.middleware.LoginMiddleware",
    "webportal.accounts.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns the answer to a locked-out login into the page that says so
]

ROOT_URLCONF = "webportal.config.urls"
WSGI_APPLICATION = "webportal.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PORTAL / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "webportal.common.context_processors.encore_version",
                "webportal.customers.current_snapshot.snapshot",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
FORMAT_MODULE_PATH = "webportal.config.formats"
TIME_ZONE = "UTC"  # the logs, the features and the snapshot speak UTC, and so do the pages
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # customer numbers are names, not amounts; amounts ask for `intcomma`
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Where the proxy serves the portal, when it is not at the root; gunicorn reads the same variable.
FORCE_SCRIPT_NAME = path_prefix("SCRIPT_NAME")
STATIC_URL = f"{FORCE_SCRIPT_NAME or ''}/static/"
STATIC_ROOT: Path | None = (
    Path(os.environ["ENCORE_HOME"]) / "static" if os.environ.get("ENCORE_HOME") else PORTAL / "staticfiles"
)
STATICFILES_DIRS = [PORTAL / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "webportal.common.static_files.DashFilesFinder",
]

# The exploring chart lives in a frame of its own on our pages; nobody else may frame them.
X_FRAME_OPTIONS = HEADERS["X-Frame-Options"]
PLOTLY_DASH = {"serve_locally": True, "view_decorator": "webportal.insights.dash_app.known_dash_app"}

CSRF_COOKIE_HTTPONLY = True  # no script of ours sends a form
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "webportal.common.error_pages.form_expired"
# The same as in the outermost middleware, which sees answers that this one does not.
SECURE_REFERRER_POLICY = HEADERS["Referrer-Policy"]

# Nobody uploads files here, and the longest form is an administrator's.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes of a whole request, see RequestLimitsMiddleware
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# Shared by all workers: what limits rates must not count once a process, and must not be evicted.
CACHES = {
    "default": {"BACKEND": "webportal.common.guard_cache.GuardCache", "LOCATION": "portal_cache"},
    # Of each worker alone, for what any can work out again: reading a page writes nothing into the database.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_paths": {"()": "webportal.common.logs.RouteInsteadOfPath"},
        "request_id": {"()": "webportal.operations.logs.RequestId"},
    },
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {request_id} {message}", "style": "{"},
        "json": {"()": "webportal.operations.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": log_format(default="line"),
            "filters": ["no_paths", "request_id"],
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Without this, Django would mail errors to administrators who are not there.
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "ERROR"},  # of failed logins the audit tells, to those who may read it
    },
}
