import pytest

from deploy.local import database
from deploy.local.console import LocalError
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.processes import service_port


def message_for(url: str) -> str:
    with pytest.raises(LocalError) as caught:
        database.check(url)
    return str(caught.value)


def test_a_refused_connection_names_host_port_database_and_reason() -> None:
    port = service_port()
    text = message_for(f"postgresql://someone:s3cret@127.0.0.1:{port}/shop")
    assert f"host 127.0.0.1, port {port}, database shop" in text
    assert "Connection refused" in text
    assert "s3cret" not in text
    assert "\n" not in text


def test_a_wrong_password_is_not_repeated(server: EmbeddedPostgres) -> None:
    text = message_for(f"postgresql://encore:s3cret@127.0.0.1:{server.port}/encore")
    assert "password authentication failed" in text
    assert "s3cret" not in text


def test_a_missing_database_is_named(server: EmbeddedPostgres) -> None:
    assert server.url is not None
    text = message_for(server.url.removesuffix("encore") + "nowhere")
    assert 'database "nowhere" does not exist' in text


@pytest.mark.parametrize(
    "url",
    [
        "mysql://someone:s3cret@host/shop",
        "postgresql://someone:s3cret@host",
        "postgresql://someone:s3/cret@host:1/shop",
        "postgresql://someone:s3#cret@host:1/shop",
        "postgresql://someone:s3cret@host:port/shop",
        "postgresql://someone:%zzs3cret@127.0.0.1:1/shop",
        "just s3cret words",
    ],
)
def test_a_malformed_url_is_explained_without_its_password(url: str) -> None:
    text = message_for(url)
    assert "DATABASE_URL" in text
    assert "cret" not in text


def test_a_working_url_passes(server: EmbeddedPostgres) -> None:
    assert server.url is not None
    database.check(server.url)
