import dataclasses
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.environment import prepare
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.processes import share
from deploy.local.settings import Settings

ROOT = Path(__file__).parents[3]


def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.local", "run", *words]
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"ENCORE_HOME": str(home), **variables}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_the_environment_names_everything(settings: Settings) -> None:
    environ = prepare(settings, java=False, postgres=False)
    assert environ["ENCORE_HOME"] == str(settings.home)
    assert environ["DAGSTER_HOME"] == str(settings.home / "dagster")
    assert "default_limit: 1" in (settings.home / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
    assert "enabled: false" in (settings.home / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
    assert environ["PYSPARK_PYTHON"] == environ["PYSPARK_DRIVER_PYTHON"] == sys.executable
    assert environ["SPARK_LOCAL_IP"] == "127.0.0.1"
    assert environ["DJANGO_SETTINGS_MODULE"] == "webportal.config.settings.dev"
    assert "DATABASE_URL" not in environ
    assert not (settings.home / "postgres").exists()


def test_the_django_key_is_made_once_and_kept_private(settings: Settings) -> None:
    first = prepare(settings, java=False, postgres=False)["DJANGO_SECRET_KEY"]
    assert prepare(settings, java=False, postgres=False)["DJANGO_SECRET_KEY"] == first
    assert len(first) >= 50
    assert stat.S_IMODE((settings.home / "django-secret-key").stat().st_mode) == 0o600


def test_another_spark_of_the_machine_is_shut_out_locally_only(settings: Settings) -> None:
    inherited = {name: value for name, value in settings.environ.items() if name != "SPARK_LOCAL_IP"}
    mine = inherited | {"SPARK_HOME": "/opt/spark", "PYSPARK_PYTHON": "python2"}
    local = prepare(dataclasses.replace(settings, environ=mine), java=False, postgres=False)
    assert "SPARK_HOME" not in local
    assert (local["PYSPARK_PYTHON"], local["SPARK_LOCAL_IP"]) == (sys.executable, "127.0.0.1")
    cluster = prepare(dataclasses.replace(settings, environ=mine, compute="cluster"), java=False, postgres=False)
    assert cluster["SPARK_HOME"] == "/opt/spark"
    assert cluster["PYSPARK_PYTHON"] == "python2"
    assert "SPARK_LOCAL_IP" not in cluster


def test_a_command_gets_the_database_and_its_exit_code_is_passed_on(home: Path) -> None:
    code = "import os, psycopg2, sys; psycopg2.connect(os.environ['DATABASE_URL']).close(); sys.exit(7)"
    done = run(home, "--no-java", "--stop-after", "--", "python", "-c", code)
    assert (done.returncode, done.stderr) == (7, "")
    assert EmbeddedPostgres(home).pid() is None


def test_without_stop_after_the_database_stays(home: Path) -> None:
    assert run(home, "--no-java", "--", "true").returncode == 0
    assert EmbeddedPostgres(home).pid() is not None


def test_a_database_in_use_by_another_command_stays(home: Path) -> None:
    descriptor = share(home / "postgres-users.lock")
    assert run(home, "--no-java", "--stop-after", "--", "true").returncode == 0
    os.close(descriptor)
    assert EmbeddedPostgres(home).pid() is not None


def test_being_ended_from_outside_still_stops_the_database(home: Path) -> None:
    environ = os.environ | {"ENCORE_HOME": str(home), "DATABASE_URL": ""}
    words = ["run", "--no-java", "--stop-after", "--", "sh", "-c", "echo ready; exec sleep 60"]
    command = [sys.executable, "-m", "deploy.local", *words]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    assert EmbeddedPostgres(home).pid() is None


@pytest.mark.parametrize(
    ("words", "variables", "message"),
    [
        (["--no-java", "--no-postgres", "--", "no-such-command"], {}, "no command no-such-command"),
        (["--no-java", "--no-postgres"], {}, "Say what to run"),
        (["--no-java", "--", "true"], {"DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:9/shop"}, "database shop"),
    ],
)
def test_a_mistake_ends_in_one_line(home: Path, words: list[str], variables: dict[str, str], message: str) -> None:
    done = run(home, *words, **variables)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr
