"""What the error texts of `make` advise is done to the letter, and works; what any text names is there."""

import ast
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from deploy.local import postgres_programs
from deploy.local.backup.database import beside
from deploy.local.console import LocalError
from deploy.local.database import SCRIPT, parse
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import read_dotenv, read_secret_files, resolve

ROOT = Path(__file__).parents[3]
PACKAGES = ("deploy", "orchestration", "spark_assets", "webportal")


def texts() -> Iterator[tuple[str, str]]:
    """Yield where, and which words, of every text within a `raise` or a message of the sources."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Raise):
                    words = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", " ".join(str(word) for word in words)


TEXTS = list(texts())


def named(pattern: str) -> dict[str, str]:
    """Return what the error texts name by a pattern, with a place that does."""
    return {name: place for place, text in TEXTS for name in re.findall(pattern, text)}


def test_commands_that_texts_name_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = named(r"\bmake ([a-z-]+)(?=[`.,: ]*(?:$|`|[A-Z]+=| first| once| again))")
    assert {"up", "restore", "clean", "materialize"} <= made.keys()
    assert made.keys() - targets == set(), made
    modules = named(r"python -m ([\w.]+)")
    assert modules.keys() >= {"deploy.emr.environment"}
    assert [name for name in modules if find_spec(name) is None] == []


def test_files_that_texts_name_are_there() -> None:
    files = named(r"\b((?:deploy|docs|spark_assets|orchestration|webportal)/[\w./]+\w)")
    assert files.keys() >= {"deploy/postgres/roles.sql"}
    assert {name: place for name, place in files.items() if not (ROOT / name).exists()} == {}


def test_variables_that_texts_name_are_documented() -> None:
    known = " ".join(file.read_text(encoding="utf-8") for file in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    variables = named(r"\b((?:ENCORE|EMR|DJANGO|SPARK)_[A-Z_]+[A-Z]|EMAIL_URL|[A-Z]*_?DATABASE_URL)\b")
    assert len(variables) > 20
    assert {name: place for name, place in variables.items() if name not in known} == {}


def test_jobs_that_texts_name_are_there() -> None:
    jobs = named(r"\bjob (\w+_\w+)")
    assert jobs.keys() >= {"promote_model", "withdraw_batch"}
    sources = " ".join(file.read_text(encoding="utf-8") for file in (ROOT / "orchestration").rglob("*.py"))
    assert [name for name in jobs if f"def {name}(" not in sources and f'name="{name}"' not in sources] == []


def run(url: str, statements: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statements)


def at(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture
def shop(server: EmbeddedPostgres) -> Iterator[str]:
    """A database of the owner's, and the superuser's way to the server is theirs."""
    server.role_urls()
    run(str(server.url), "CREATE DATABASE shop")
    yield at(str(server.url), "shop")
    run(str(server.url), "DROP DATABASE shop WITH (FORCE)")


def test_roles_that_a_restore_lacks_are_made_as_it_says(shop: str, server: EmbeddedPostgres) -> None:
    roles = ["encore", "encore_portal", "somebody", "some body-else"]
    with pytest.raises(LocalError, match=re.escape("(some body-else, somebody)")) as refused, beside(shop, roles):
        pass
    statements = str(refused.value).split("make each alone: ")[1]
    run(server._admin_url(), SCRIPT.read_text(encoding="utf-8"))
    run(server._admin_url(), statements)
    with beside(shop, roles):
        pass
    run(server._admin_url(), 'DROP ROLE somebody; DROP ROLE "some body-else"')


def test_a_role_is_let_make_databases_as_the_text_says(shop: str, server: EmbeddedPostgres) -> None:
    run(server._admin_url(), 'CREATE ROLE "Own-er" LOGIN PASSWORD \'hush\'; ALTER DATABASE shop OWNER TO "Own-er"')
    owner = urlsplit(shop)
    url = urlunsplit(owner._replace(netloc=f"Own-er:hush@{owner.netloc.rpartition('@')[2]}"))
    with pytest.raises(LocalError, match="may make no database") as refused, beside(url, []):
        pass
    run(server._admin_url(), re.findall(r"ALTER ROLE .* CREATEDB", str(refused.value))[0])
    with beside(url, []):
        pass
    run(server._admin_url(), 'ALTER DATABASE shop OWNER TO encore; DROP ROLE "Own-er"')


def test_a_database_of_another_postgres_is_moved_away(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(LocalError, match="move the folder away to start with an empty one"):
        postgres_programs.choose(data)
    shutil.move(data, tmp_path / "away")
    assert postgres_programs.choose(data) in postgres_programs.installed().values()


@pytest.mark.parametrize("mended", ["ENCORE_LOGS=/data/logs\n", ""])
def test_a_line_of_dotenv_is_put_right_or_removed(tmp_path: Path, mended: str) -> None:
    file = tmp_path / ".env"
    file.write_text("ENCORE_HOME=x\nENCORE_LOGS /data/logs\n", encoding="utf-8")
    with pytest.raises(LocalError, match="line 2 is not of the form NAME=value: put it right or remove it"):
        read_dotenv(file)
    file.write_text(f"ENCORE_HOME=x\n{mended}", encoding="utf-8")
    assert read_dotenv(file)["ENCORE_HOME"] == "x"


@pytest.mark.parametrize("kept", ["EMAIL_URL", "EMAIL_URL_FILE"])
def test_of_a_secret_in_two_places_one_is_kept(tmp_path: Path, kept: str) -> None:
    (tmp_path / "url").write_text("smtps://mail.example\n", encoding="utf-8")
    both = {"EMAIL_URL": "smtps://mail.example", "EMAIL_URL_FILE": str(tmp_path / "url")}
    with pytest.raises(LocalError, match="are both set: keep one"):
        read_secret_files(both)
    assert read_secret_files({kept: both[kept]})["EMAIL_URL"] == "smtps://mail.example"


def test_a_remote_home_is_replaced_by_a_local_folder_and_lake_and_logs_may_be_remote(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"must be a local folder \(ENCORE_LAKE and ENCORE_LOGS may be remote\)"):
        resolve({"ENCORE_HOME": "s3://encore"}, tmp_path, tmp_path)
    environ = {"ENCORE_HOME": str(tmp_path), "ENCORE_LAKE": "s3://encore/lake", "ENCORE_LOGS": "s3://encore/logs"}
    assert resolve(environ, tmp_path, tmp_path).lake == "s3://encore/lake"


def test_signs_in_a_password_are_written_as_the_text_says() -> None:
    with pytest.raises(LocalError, match="written %40 %2F %23") as refused:
        parse("postgresql://encore:a/b#c@d@127.0.0.1:5432/churn")
    written = dict(zip("@/#", re.findall(r"%\d\w", str(refused.value))[-3:], strict=True))
    password = "".join(written.get(sign, sign) for sign in "a/b#c@d")
    found = parse(f"postgresql://encore:{password}@127.0.0.1:5432/churn")
    assert (found.host, found.name) == ("127.0.0.1", "churn")
