"""Which environment variables reach which process: what is not listed here reaches none.

A shell carries variables of other projects: a proxy, libpq's `PGOPTIONS`, a Hadoop configuration, `PYTHONPATH`. Each
changes a program that finds it, so programs get what they need by name, and secrets reach those that use them.
"""

from collections.abc import Mapping
from enum import StrEnum
from fnmatch import fnmatchcase

LOOPBACK = ("127.0.0.1", "localhost", "::1")

_SYSTEM = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR", "XDG_*")
_TERMINAL = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_NETWORK = (*_PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")
_PYTHON = ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")
_COMMON = (*_SYSTEM, *_NETWORK, *_PYTHON, "ENCORE_*", "DATABASE_URL", "EMAIL_URL", "EMAIL_URL_FILE")

_OWN_DATABASE = ("PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGPASSFILE")
"""Of libpq's variables those that may belong to a database of the user's; the embedded one's address says all."""

_PIPELINE = (
    *("PUBLISH_DATABASE_URL", "JAVA_HOME", "DAGSTER_HOME", "AWS_*", "EMR_*"),
    *("SPARK_MASTER", "SPARK_LOCAL_IP", "SPARK_LOCAL_DIRS", "PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"),
)
_CLUSTER = (
    *("SPARK_*", "HADOOP_CONF_DIR", "YARN_CONF_DIR", "HADOOP_USER_NAME", "KUBECONFIG"),
    *("KRB5CCNAME", "KRB5_CONFIG", "JAVA_TOOL_OPTIONS"),
)
"""A user's own Spark cluster is reached by a configuration of the user's; see docs/cluster.md."""

_PORTAL = ("DJANGO_*", "PROMETHEUS_MULTIPROC_DIR", "WEB_CONCURRENCY")
_PORTAL_SECRETS = ("ENCORE_METRICS_TOKEN", "ENCORE_METRICS_TOKEN_FILE")
_PIPELINE_SECRETS = ("ENCORE_PSEUDONYM_KEY", "ENCORE_PSEUDONYM_KEY_FILE", "ENCORE_NOTICE_WEBHOOK*")

_BY_HAND = (
    *(*_TERMINAL, *_PIPELINE, *_PORTAL, "MIGRATE_DATABASE_URL", "TEST_DATABASE_URL"),
    *(
        "CI",
        "BENCH_*",
        "PYTEST_*",
        "HYPOTHESIS_*",
        "PLAYWRIGHT_*",
        "COVERAGE_*",
        "GIT_*",
        "PRE_COMMIT*",
        "PIP_*",
        "UV_*",
    ),
)
"""Of commands that a person runs: `make materialize`, `make password`, tests and benchmarks."""


class Audience(StrEnum):
    """For whom an environment is made."""

    BY_HAND = "by-hand"
    PORTAL = "portal"
    PIPELINE = "pipeline"
    SUPERVISOR = "supervisor"


def reaching(
    audience: Audience, environ: Mapping[str, str], *, compute: str = "local", own_database: bool = False
) -> dict[str, str]:
    """Return the variables that reach a process of the audience; calls to this machine go to no proxy.

    The supervisor hands on to all servers, and keeps the secrets of each; each server takes its own from there.
    """
    wanted = {
        Audience.BY_HAND: _BY_HAND,
        Audience.PORTAL: (*_PORTAL, "SCRIPT_NAME"),  # not by way of `make up`, which is at the root
        Audience.PIPELINE: _PIPELINE,
        Audience.SUPERVISOR: (*_PIPELINE, *_PORTAL, "MIGRATE_DATABASE_URL"),
    }[audience]
    kept = (*_COMMON, *wanted, *(_OWN_DATABASE if own_database else ()))
    if compute == "cluster" and audience != Audience.PORTAL:
        kept += _CLUSTER
    withheld = {Audience.PORTAL: _PIPELINE_SECRETS, Audience.PIPELINE: _PORTAL_SECRETS}.get(audience, ())
    found = {name: value for name, value in environ.items() if _is_any(name, kept) and not _is_any(name, withheld)}
    return _without_foreign_settings(_past_proxies(found))


def server_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables whose change wants servers started anew: all that they read but the machine's own."""
    return {name: value for name, value in environ.items() if not _is_any(name, _SYSTEM)}


def _past_proxies(environ: dict[str, str]) -> dict[str, str]:
    if not _is_any_proxy(environ):
        return environ
    for name in ("no_proxy", "NO_PROXY"):
        given = [word.strip() for word in environ.get(name, "").split(",") if word.strip()]
        environ[name] = ",".join(dict.fromkeys([*given, *LOOPBACK]))
    return environ


def _is_any_proxy(environ: Mapping[str, str]) -> bool:
    return any(environ.get(name) for name in _PROXIES if not name.lower().startswith("no_"))


def _without_foreign_settings(environ: dict[str, str]) -> dict[str, str]:
    """Leave out the settings module of another Django project."""
    if not environ.get("DJANGO_SETTINGS_MODULE", "").startswith("webportal."):
        environ.pop("DJANGO_SETTINGS_MODULE", None)
    return environ


def _is_any(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
