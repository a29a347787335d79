"""Whoever starts with nothing and does what each error text says has a portal in the end."""

import re

import pytest

from tests.webportal.starting import COMPLETE, KEY, start

PRODUCTION = {"DJANGO_SETTINGS_MODULE": "webportal.config.settings.prod"}
LOAD = ("-c", "import django; django.setup()")
SECRET = KEY
"""A key for a text that asks for so many characters."""

UNNAMED = {"DJANGO_SECRET_KEY": SECRET, "ENCORE_ALLOWED_HOSTS": "desk.example", "ENCORE_MAIL_FROM": "desk@desk.example"}
"""For texts that name a variable which is missing, and whose form needs no example."""


def told(environment: dict[str, str]) -> str:
    """Return the error that the settings end with, empty when they load."""
    done = start(*LOAD, **PRODUCTION, **environment)
    found = re.findall(r"ImproperlyConfigured: (.*)", done.stderr)
    assert done.returncode == 0 or found, done.stderr
    return found[-1] if found else ""


def advised(text: str) -> str:
    """Return the value that a text gives as an example, or names as what there is."""
    forms = (
        r"as in ([^ ,]+)\.$",
        r"of the form (\S+?)(?:: no| \(|\.$)",
        r"number from (\d+) to",
        r"not one of (\w+)",
    )
    return next((found[1] for form in forms if (found := re.search(form, text))), SECRET)


def named(text: str) -> str:
    return next(word for word in re.findall(r"[A-Z][A-Z_]+[A-Z]", text) if word not in ("TLS", "STARTTLS"))


def test_the_variables_that_are_missing_are_asked_for_one_by_one() -> None:
    environment: dict[str, str] = {}
    while text := told(environment):
        name = named(text)
        assert name not in environment or environment[name] != UNNAMED.get(name, advised(text)), text
        environment[name] = UNNAMED.get(name, "wrong") if name not in environment else advised(text)
    assert environment.keys() == COMPLETE.keys()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("DATABASE_URL", "mysql://encore@127.0.0.1/churn"),
        ("DJANGO_SECRET_KEY", "short"),
        ("DJANGO_SECRET_KEY_FALLBACKS", "short"),
        ("EMAIL_URL", "mail.example"),
        ("ENCORE_EMBED_HOSTS", "https://crm.example/path"),
        ("ENCORE_IDLE_MINUTES", "soon"),
        ("ENCORE_LOG_FORMAT", "xml"),
        ("ENCORE_METRICS_FROM", "prometheus"),
        ("ENCORE_METRICS_TOKEN", "short"),
        ("ENCORE_PUBLIC_URL", "https://a.example,https://b.example"),
        ("ENCORE_PROXIES", "none"),
        ("ENCORE_WEBHOOK_HOSTS", "https://crm.internal/hook"),
        ("SCRIPT_NAME", "encore/"),
    ],
)
def test_a_wrong_variable_becomes_what_its_text_says(name: str, wrong: str) -> None:
    text = told({**COMPLETE, name: wrong})
    assert name in text
    assert told({**COMPLETE, name: advised(text)}) == ""


@pytest.mark.parametrize("kept", ["DJANGO_SECRET_KEY", "DJANGO_SECRET_KEY_FILE"])
def test_of_a_secret_in_two_places_either_may_be_kept(kept: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("secrets") / "key"
    file.write_text("")
    both = {**COMPLETE, "DJANGO_SECRET_KEY_FILE": str(file)}
    assert told(both).endswith("are both set: keep one.")
    one = {name: value for name, value in both.items() if name == kept or not name.startswith("DJANGO_SECRET_KEY")}
    if kept.endswith("_FILE"):
        assert told(one) == f"{kept} names {file}, which is empty."
        file.write_text(SECRET)
    assert told(one) == ""
