import json
from pathlib import Path

import pytest

from tests.webportal.starting import COMPLETE, KEY, start

PRINT = "import json, webportal.config.settings.prod as s; print(json.dumps([getattr(s, n) for n in %r]))"


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_refuses_to_start_without_a_secret(missing: str) -> None:
    rest = {name: value for name, value in COMPLETE.items() if name != missing}
    done = start("-c", "import webportal.config.settings.prod", **rest)
    assert done.returncode == 1
    assert f"ImproperlyConfigured: The environment variable {missing} is not set." in done.stderr


def test_refuses_a_short_key() -> None:
    done = start("-c", "import webportal.config.settings.prod", **{**COMPLETE, "DJANGO_SECRET_KEY": "short"})
    assert done.returncode == 1
    assert "DJANGO_SECRET_KEY is shorter than 50 characters" in done.stderr


def test_insists_on_tls_and_on_a_second_factor_of_administrators() -> None:
    names = ["DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECOND_FACTOR_ROLES"]
    done = start("-c", PRINT % names, **COMPLETE)
    assert json.loads(done.stdout) == [False, True, True, True, ["administrator"]]


def test_cookies_are_bound_to_this_very_host() -> None:
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY"]
    names += ["SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "PROXIES_IN_FRONT"]
    done = start("-c", PRINT % names, **COMPLETE)
    wanted = ["__Host-sessionid", "__Host-csrftoken", True, True, "Lax", "Lax", 1]
    assert json.loads(done.stdout) == wanted


def test_secrets_may_lie_in_files(tmp_path: Path) -> None:
    files = {f"{name}_FILE": str(tmp_path / name) for name in ("DJANGO_SECRET_KEY", "DATABASE_URL")}
    for name in ("DJANGO_SECRET_KEY", "DATABASE_URL"):
        (tmp_path / name).write_text(COMPLETE[name] + "\n", encoding="utf-8")
    rest = {name: value for name, value in COMPLETE.items() if f"{name}_FILE" not in files}
    names = ["SECRET_KEY", "ALLOWED_HOSTS"]
    done = start("-c", PRINT % names, **{**rest, **files})
    assert json.loads(done.stdout) == [KEY, ["desk.example"]]


def test_passes_the_deployment_check() -> None:
    environment = {**COMPLETE, "DJANGO_SETTINGS_MODULE": "webportal.config.settings.prod"}
    done = start("webportal/manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert done.returncode == 0, done.stderr
