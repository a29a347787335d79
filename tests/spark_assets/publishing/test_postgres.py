import re
import socket
import struct
import threading
from pathlib import Path

import pytest

from spark_assets.errors import EncoreError, PostgresAwayError, PublishError, SettingsError
from spark_assets.publishing.postgres import check_url, connect, describe, publisher_url
from tests.spark_assets.publishing.conftest import name_of, run_sql

SHAPE = "postgresql://user:password@host:port/name"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@localhost:5432/encore",
        "postgres://u@localhost/encore",
        "postgresql://u:p%40ss%2F@db.example.org/encore?sslmode=require",
        "postgresql://u:p@/encore?host=/var/run/postgresql",
        "postgresql://u:p@[::1]:5432/encore",
    ],
)
def test_addresses_of_postgres_pass(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize("url", [None, ""])
def test_an_unset_address_says_how_to_set_it(url: str | None) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL is not set"):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hush@localhost/encore",
        "postgresql://u:hush@localhost",
        "postgresql://u:hush@localhost/",
        "localhost:5432/encore",
        "hush",
        "postgresql://u:hu@sh@localhost/encore",
        "postgresql://u:hu/sh@localhost/encore",
        "postgresql://u:hu#sh@localhost/encore",
        "postgresql://u:hu?sh@localhost/encore",
        "postgresql://u:hu%sh@localhost/encore",
        "postgresql://u:hu://sh@localhost/encore",
        "postgresql://u:12#sh@localhost/encore",
    ],
)
def test_what_is_no_address_is_refused_without_its_password(url: str) -> None:
    for refuse in (check_url, lambda url: connect(url).__enter__()):
        with pytest.raises(SettingsError, match=re.escape(SHAPE)) as raised:
            refuse(url)
        told = str(raised.value).replace(SHAPE, "")
        assert not re.search(r"hu|sh\b|12", told), told


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://u:hush@127.0.0.1:1/encore", "Connection refused"),
        ("postgresql://u:hush@127.0.0.1:1/encore?shoe=1", "shoe"),
        ("postgresql://u:hush@127.0.0.1:99999999/encore", "invalid port number"),
    ],
)
def test_a_server_that_does_not_answer_is_named_without_the_password(url: str, reason: str) -> None:
    with pytest.raises(PublishError, match=reason) as raised, connect(url):
        pass
    assert isinstance(raised.value, EncoreError)
    assert describe(url) in str(raised.value)
    assert "hush" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_a_wrong_password_is_said_so_and_not_shown(database: str) -> None:
    wrong = re.sub(r":[^:@/]+@", ":hush@", database)
    with pytest.raises(PublishError, match="password authentication failed") as raised, connect(wrong):
        pass
    assert "hush" not in str(raised.value)


def test_a_server_that_takes_no_writes_is_away(bare_database: str) -> None:
    """As the old one, or the new one, is for a while during a failover."""
    run_sql(bare_database, f'alter database "{name_of(bare_database)}" set default_transaction_read_only = on')
    with pytest.raises(PostgresAwayError, match="takes no writes"), connect(bare_database) as connection:
        connection.cursor().execute("create table t (i int)")
    read_write = f"{bare_database}?target_session_attrs=read-write"
    with pytest.raises(PostgresAwayError, match="session is read-only"), connect(read_write):
        pass


def test_a_server_that_resets_a_connection_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reset() -> None:
            connection, _ = listener.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.recv(1)
            connection.close()

        thread = threading.Thread(target=reset)
        thread.start()
        url = f"postgresql://u:hush@127.0.0.1:{listener.getsockname()[1]}/encore?sslmode=disable&gssencmode=disable"
        with pytest.raises(PostgresAwayError, match=r"closed the conn|reset by peer"), connect(url):
            pass
        thread.join()


def test_connections_commit_by_themselves_and_are_closed(database: str) -> None:
    with connect(database, "encore-test") as connection, connection.cursor() as cursor:
        assert connection.autocommit
        cursor.execute("show application_name")
        assert cursor.fetchall() == [("encore-test",)]
    assert connection.closed


def test_the_description_leaves_out_user_password_and_options() -> None:
    assert describe("postgresql://u:p@db:5433/encore?password=p") == "postgresql://db:5433/encore"
    assert describe("hush") == "no address"


def test_the_publisher_has_an_address_of_its_own_or_that_of_all(tmp_path: Path) -> None:
    own, everybody = "postgresql://p:q@h/d", "postgresql://u:v@h/d"
    (tmp_path / "url").write_text(own + "\n", encoding="utf-8")
    assert publisher_url({"PUBLISH_DATABASE_URL": own, "DATABASE_URL": everybody}) == own
    assert publisher_url({"PUBLISH_DATABASE_URL": "", "DATABASE_URL": everybody}) == everybody
    assert publisher_url({"PUBLISH_DATABASE_URL_FILE": str(tmp_path / "url"), "DATABASE_URL": everybody}) == own
    assert publisher_url({"DATABASE_URL_FILE": str(tmp_path / "url")}) == own


def test_an_address_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL is not set"):
        publisher_url({})
    with pytest.raises(SettingsError, match=r"PUBLISH_DATABASE_URL_FILE names .*none, which cannot be read"):
        publisher_url({"PUBLISH_DATABASE_URL_FILE": str(tmp_path / "none")})
