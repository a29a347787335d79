from pathlib import Path

import pytest

from deploy.local.console import LocalError
from deploy.local.settings import read_dotenv, read_secret_files, resolve


def test_defaults_lie_in_the_project(tmp_path: Path) -> None:
    settings = resolve({}, Path("/elsewhere"), tmp_path)
    assert settings.home == tmp_path / ".encore"
    assert settings.logs == f"{tmp_path}/.encore/inbox"
    assert settings.lake == f"{tmp_path}/.encore/lake"
    assert settings.compute == "local"
    assert settings.database_url is None
    assert not settings.own_logs


def test_relative_paths_count_from_the_current_folder(tmp_path: Path) -> None:
    settings = resolve({"ENCORE_HOME": "h", "ENCORE_LOGS": "../logs"}, Path("/a/b"), tmp_path)
    assert settings.home == Path("/a/b/h")
    assert settings.logs == "/a/logs"
    assert settings.lake == "/a/b/h/lake"
    assert settings.own_logs


def test_remote_addresses_are_left_alone(tmp_path: Path) -> None:
    settings = resolve({"ENCORE_LOGS": "s3://bucket/logs//x", "ENCORE_LAKE": "s3://bucket/lake"}, tmp_path, tmp_path)
    assert settings.logs == "s3://bucket/logs//x"
    assert settings.lake == "s3://bucket/lake"
    assert settings.local_logs is None


def test_a_remote_home_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="must be a local folder"):
        resolve({"ENCORE_HOME": "s3://bucket/home"}, tmp_path, tmp_path)


def test_the_shell_wins_over_dotenv_even_when_empty(tmp_path: Path) -> None:
    text = "# mine\nexport ENCORE_HOME='dot home'\n\nDATABASE_URL=postgresql://h/d\nENCORE_COMPUTE=emr\n"
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    settings = resolve({"DATABASE_URL": "", "ENCORE_COMPUTE": "cluster"}, tmp_path, tmp_path)
    assert settings.home == tmp_path / "dot home"
    assert settings.database_url is None
    assert settings.compute == "cluster"


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ENCORE_HOME=x\nnonsense\n", encoding="utf-8")
    with pytest.raises(LocalError, match="line 2"):
        read_dotenv(file)


def test_the_example_reads_as_nothing_set() -> None:
    assert read_dotenv(Path(__file__).parents[3] / ".env.example") == {}


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://h/d\n", encoding="utf-8")
    settings = resolve({"DATABASE_URL_FILE": str(tmp_path / "url")}, tmp_path, tmp_path)
    assert settings.database_url == settings.environ["DATABASE_URL"] == "postgresql://h/d"
    assert "DATABASE_URL_FILE" not in settings.environ


@pytest.mark.parametrize(
    ("more", "reason"), [({}, "cannot be read"), ({"PUBLISH_DATABASE_URL": "postgresql://h/d"}, "both set")]
)
def test_a_secret_that_cannot_be_had_is_named(tmp_path: Path, more: dict[str, str], reason: str) -> None:
    with pytest.raises(LocalError, match=f"PUBLISH_DATABASE_URL.*{reason}"):
        read_secret_files({"PUBLISH_DATABASE_URL_FILE": str(tmp_path / "none"), **more})
