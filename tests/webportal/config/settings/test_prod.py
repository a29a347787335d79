import json

import pytest

from tests.webportal.starting import KEY, MAIL, URL, start

COMPLETE = {
    "DATABASE_URL": URL,
    "DJANGO_SECRET_KEY": KEY,
    "ENCORE_ALLOWED_HOSTS": "desk.example",
    "EMAIL_URL": MAIL,
    "ENCORE_MAIL_FROM": "desk@desk.example",
}
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


def test_passes_the_deployment_check() -> None:
    environment = {**COMPLETE, "DJANGO_SETTINGS_MODULE": "webportal.config.settings.prod"}
    done = start("webportal/manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert done.returncode == 0, done.stderr
