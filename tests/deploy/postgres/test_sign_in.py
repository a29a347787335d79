"""What the image `postgres` runs on an empty volume, on a real Postgres, by psql as the image does."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import yaml
from psycopg2.extensions import connection, make_dsn

from deploy.local import postgres_programs
from deploy.local.postgres import EmbeddedPostgres
from tests.embedded import embedded_postgres

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "deploy/postgres"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
ROLES = {
    "migrate-database-url": ("encore_migrator", "migrator-1_a"),
    "publish-database-url": ("encore_publisher", "publisher-2_b"),
    "portal-database-url": ("encore_portal", "portal-3_c"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with embedded_postgres() as server:
        yield server


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    for name, (role, password) in ROLES.items():
        (tmp_path / name).write_text(f"postgresql://{role}:{password}@postgres:5432/encore\n")
    return tmp_path


def sign_in(server: EmbeddedPostgres, role: str, password: str) -> closing[connection]:
    return closing(psycopg2.connect(server.url, user=role, password=password))


def first_start(server: EmbeddedPostgres, secrets: Path) -> subprocess.CompletedProcess[str]:
    """Run the folder's scripts in the order of their names, as the server's superuser in the services' database."""
    programs = postgres_programs.installed()
    place = make_dsn(server._admin_url(), dbname="encore")
    psql = [str(programs[max(programs)] / "bin/psql"), "-v", "ON_ERROR_STOP=1", "--no-psqlrc", place]
    for script in sorted(SCRIPTS.glob("*.sql")):
        text = script.read_text().replace("/run/secrets", str(secrets))
        done = subprocess.run(psql, input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            break
    return done


def test_each_address_signs_in_and_the_migrator_owns_the_database(server: EmbeddedPostgres, secrets: Path) -> None:
    done = first_start(server, secrets)
    assert done.returncode == 0, done.stderr
    for role, password in ROLES.values():
        assert password not in done.stdout + done.stderr + server.log.read_text()
        with sign_in(server, role, password) as signed_in, signed_in.cursor() as cursor:
            cursor.execute("SELECT session_user, rolsuper FROM pg_roles WHERE rolname = session_user")
            assert cursor.fetchall() == [(role, False)]
    with sign_in(server, *ROLES["migrate-database-url"]) as migrator, migrator.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (a integer)")


@pytest.mark.parametrize(
    "text", ["", "postgresql://encore_portal:a%40b@postgres/encore", "postgresql://me:x@postgres/e"]
)
def test_an_address_that_cannot_be_read_is_named_and_not_shown(
    server: EmbeddedPostgres, secrets: Path, text: str
) -> None:
    (secrets / "portal-database-url").write_text(text)
    done = first_start(server, secrets)
    assert done.returncode != 0
    assert "The secret portal-database-url is not an address postgresql://encore_portal:" in done.stderr
    shown = done.stderr + server.log.read_text()
    assert not text or text not in shown
    assert "publisher-2_b" not in shown


def test_compose_hands_the_folder_and_each_secret_to_the_image() -> None:
    service = COMPOSE["services"]["postgres"]
    assert "./deploy/postgres:/docker-entrypoint-initdb.d:ro" in service["volumes"]
    read = {word for word in (SCRIPTS / "sign_in.sql").read_text().split() if word.startswith("/run/secrets/")}
    assert {word.strip("`").rpartition("/")[2] for word in read} == set(ROLES) < set(service["secrets"])
