from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from webportal.config.environment import (
    database_settings,
    hosts,
    number,
    optional,
    optional_address,
    origins,
    path_prefix,
    required,
    words,
)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


def test_reads_every_part() -> None:
    found = database_settings("postgresql://encore:pass@db.example:6543/churn?sslmode=require")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("encore", "pass", "db.example")
    assert (found["PORT"], found["NAME"]) == ("6543", "churn")
    assert found["OPTIONS"] == {"connect_timeout": "5", "sslmode": "require"}


def test_leaves_out_what_is_not_there() -> None:
    found = database_settings("postgres:///churn")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("", "", "", "")


def test_takes_a_socket_folder_as_host() -> None:
    found = database_settings("postgres://encore@/churn?host=/run/postgresql")
    assert found["HOST"] == "/run/postgresql"
    assert "host" not in found["OPTIONS"]


@given(user=TEXT, password=TEXT)
def test_undoes_percent_encoding(user: str, password: str) -> None:
    found = database_settings(f"postgres://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1/churn")
    assert (found["USER"], found["PASSWORD"]) == (user, password)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://encore:hush@127.0.0.1/churn",
        "sqlite:///hush.db",
        "127.0.0.1:5432/hush",
        "postgres://encore:hush@127.0.0.1:5432",
        "postgres://encore:hush@127.0.0.1:port/churn",
        "postgres://encore:hush@127.0.0.1:99999/churn",
        "postgres://encore:hush@[::1/churn",
        "postgres://encore:hush@127.0.0.1/churn/more",
        "hush",
    ],
)
def test_refuses_without_showing_the_url(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not of the form") as refusal:
        database_settings(url)
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_names_the_variable_that_is_missing(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("ENCORE_TEST_VARIABLE", raising=False)
    if value is not None:
        monkeypatch.setenv("ENCORE_TEST_VARIABLE", value)
    with pytest.raises(ImproperlyConfigured, match="ENCORE_TEST_VARIABLE is not set"):
        required("ENCORE_TEST_VARIABLE")


def test_splits_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_TEST_VARIABLE", " a.example, b.example,,")
    assert words("ENCORE_TEST_VARIABLE") == ["a.example", "b.example"]


def test_refuses_a_list_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_TEST_VARIABLE", " , ")
    with pytest.raises(ImproperlyConfigured, match="names nothing"):
        words("ENCORE_TEST_VARIABLE")


@pytest.fixture
def secret_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that `DESK_KEY_FILE` names."""
    file = tmp_path / "key"
    file.write_text("hush\n", encoding="utf-8")
    monkeypatch.delenv("DESK_KEY", raising=False)
    monkeypatch.setenv("DESK_KEY_FILE", str(file))
    return file


def test_a_secret_may_lie_in_a_file(secret_file: Path) -> None:
    assert required("DESK_KEY") == optional("DESK_KEY") == "hush"


def test_a_secret_in_two_places_is_refused(secret_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_KEY", "other")
    with pytest.raises(ImproperlyConfigured, match="DESK_KEY and DESK_KEY_FILE are both set"):
        required("DESK_KEY")


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file"), (b"\n", "is empty"), (b"\xff", "holds no text")]
)
def test_a_file_without_a_secret_is_named(secret_file: Path, content: bytes | None, reason: str) -> None:
    secret_file.unlink() if content is None else secret_file.write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match=f"DESK_KEY_FILE names {secret_file}.*{reason}"):
        required("DESK_KEY")


def test_nothing_is_nothing() -> None:
    assert optional("DESK_NOTHING") is None


@pytest.mark.parametrize(("text", "expected"), [("", 60), (" 5 ", 5), ("1440", 1440)])
def test_a_number_within_its_bounds(monkeypatch: pytest.MonkeyPatch, text: str, expected: int) -> None:
    monkeypatch.setenv("ENCORE_IDLE_MINUTES", text)
    assert number("ENCORE_IDLE_MINUTES", 60, least=1, greatest=1440) == expected


@pytest.mark.parametrize("text", ["0", "1441", "-5", "1.5", "soon"])
def test_another_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ENCORE_IDLE_MINUTES", text)
    with pytest.raises(ImproperlyConfigured, match="ENCORE_IDLE_MINUTES is not a whole number from 1 to 1440"):
        number("ENCORE_IDLE_MINUTES", 60, least=1, greatest=1440)


def test_origins_are_https_unless_they_say_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert origins("ENCORE_TRIED") == []
    monkeypatch.setenv("ENCORE_TRIED", "crm.example, https://*.desk.example:8443,http://127.0.0.1:8080")
    assert origins("ENCORE_TRIED") == ["https://crm.example", "https://*.desk.example:8443", "http://127.0.0.1:8080"]


@pytest.mark.parametrize("text", ["*", "https://a.example/path", "a b", "a;script-src *", "'self'", "data:", "a.\nb"])
def test_nothing_but_origins_gets_into_a_header(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ENCORE_TRIED", f"https://crm.example,{text}")
    with pytest.raises(ImproperlyConfigured, match="ENCORE_TRIED names more than hosts"):
        origins("ENCORE_TRIED")


def test_hosts_are_names_or_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hosts("ENCORE_TRIED") == []
    monkeypatch.setenv("ENCORE_TRIED", "CRM.internal, 10.0.0.5")
    assert hosts("ENCORE_TRIED") == ["crm.internal", "10.0.0.5"]
    monkeypatch.setenv("ENCORE_TRIED", "http://crm.internal")
    with pytest.raises(ImproperlyConfigured, match="ENCORE_TRIED names more than hosts"):
        hosts("ENCORE_TRIED")


def test_an_address_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert optional_address("ENCORE_TRIED") is None
    monkeypatch.setenv("ENCORE_TRIED", "https://encore.example")
    assert optional_address("ENCORE_TRIED") == "https://encore.example"
    for several in ("https://a.example,https://b.example", "https://*.example"):
        monkeypatch.setenv("ENCORE_TRIED", several)
        with pytest.raises(ImproperlyConfigured, match="is not one address"):
            optional_address("ENCORE_TRIED")


@pytest.mark.parametrize("prefix", ["/encore", "/a/b-c", "/~x/1.2"])
def test_a_path_prefix_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("SCRIPT_NAME", prefix)
    assert path_prefix("SCRIPT_NAME") == prefix


def test_without_a_prefix_the_portal_is_at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIPT_NAME", "")
    assert path_prefix("SCRIPT_NAME") is None


@pytest.mark.parametrize("prefix", ["/", "encore", "/encore/", "//evil.example", "/a b", "/a?b", "https://x/encore"])
def test_what_is_no_path_prefix_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    monkeypatch.setenv("SCRIPT_NAME", prefix)
    with pytest.raises(ImproperlyConfigured, match="SCRIPT_NAME"):
        path_prefix("SCRIPT_NAME")
