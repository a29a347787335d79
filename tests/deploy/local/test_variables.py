"""Variables of other projects reach nobody, and secrets those who use them."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from deploy.local import services
from deploy.local.variables import Audience, reaching, server_settings
from tests.embedded import reachable_folder

ROOT = Path(__file__).parents[3]
STRANGERS = {
    "HADOOP_CONF_DIR": "/etc/hadoop",
    "SPARK_HOME": "/opt/spark",
    "SPARK_CONF_DIR": "/x",
    "SPARK_SUBMIT_OPTS": "-x",
    "PGSSLMODE": "require",
    "PGOPTIONS": "-c search_path=other",
    "PGSERVICE": "prod",
    "PGHOST": "db",
    "PYTHONPATH": "/theirs",
    "PYTHONHOME": "/nowhere",
    "PYTHONSTARTUP": "/x",
    "JAVA_TOOL_OPTIONS": "-Xmx1m",
    "_JAVA_OPTIONS": "-Xmx1m",
    "JDK_JAVA_OPTIONS": "-x",
    "DJANGO_SETTINGS_MODULE": "mysite.settings",
    "DAGSTER_CLOUD_URL": "x",
    "LD_PRELOAD": "/x.so",
    "GUNICORN_CMD_ARGS": "--bind 0.0.0.0",
}
OURS = {"ENCORE_HOME": "/srv", "PATH": "/bin", "DATABASE_URL": "postgresql://u:p@h/d", "LC_ALL": "C"}
SECRETS = {
    "ENCORE_PSEUDONYM_KEY": "p",
    "PUBLISH_DATABASE_URL": "w",
    "MIGRATE_DATABASE_URL": "m",
    "DJANGO_SECRET_KEY": "d",
    "DJANGO_SECRET_KEY_FALLBACKS": "e",
    "AWS_SECRET_ACCESS_KEY": "a",
    "ENCORE_METRICS_TOKEN": "t",
    "ENCORE_NOTICE_WEBHOOK": "n",
}


@pytest.mark.parametrize("audience", list(Audience))
def test_strangers_stay_out(audience: Audience) -> None:
    assert set(reaching(audience, OURS | STRANGERS)) == set(OURS)


def test_secrets_reach_those_who_use_them() -> None:
    portal = set(reaching(Audience.PORTAL, SECRETS))
    pipeline = set(reaching(Audience.PIPELINE, SECRETS))
    assert portal == {"DJANGO_SECRET_KEY", "DJANGO_SECRET_KEY_FALLBACKS", "ENCORE_METRICS_TOKEN"}
    assert pipeline == {
        "ENCORE_PSEUDONYM_KEY", "PUBLISH_DATABASE_URL", "AWS_SECRET_ACCESS_KEY", "ENCORE_NOTICE_WEBHOOK"
    }  # fmt: skip


def test_a_cluster_is_reached_by_its_own_configuration() -> None:
    wanted = {"HADOOP_CONF_DIR", "SPARK_HOME", "SPARK_CONF_DIR", "JAVA_TOOL_OPTIONS"}
    assert wanted <= set(reaching(Audience.PIPELINE, STRANGERS, compute="cluster"))
    assert not wanted & set(reaching(Audience.PORTAL, STRANGERS, compute="cluster"))


def test_of_libpqs_variables_a_database_of_the_users_has_those_of_tls() -> None:
    assert set(reaching(Audience.PORTAL, STRANGERS, own_database=True)) == {"PGSSLMODE"}


@pytest.mark.parametrize("given", [{}, {"no_proxy": "corp.example"}, {"NO_PROXY": "*"}])
def test_calls_to_this_machine_pass_by_proxies(given: dict[str, str]) -> None:
    found = reaching(Audience.PORTAL, {"http_proxy": "http://127.0.0.1:9", **given})
    for name in ("no_proxy", "NO_PROXY"):
        assert {"127.0.0.1", "localhost", "::1"} <= set(found[name].split(","))
        assert set(given.get(name, "").split(",")) - {""} <= set(found[name].split(","))
    assert "no_proxy" not in reaching(Audience.PORTAL, OURS)


def test_our_own_looks_at_servers_pass_by_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert urllib.request.getproxies()["http"]
    code = "import http.server as h; s = h.HTTPServer(('127.0.0.1', 0), h.SimpleHTTPRequestHandler);"
    code += " print(s.server_port, flush=True); s.serve_forever()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        assert services.answers(f"http://127.0.0.1:{int(server.stdout.readline())}/")
        server.kill()


def test_a_terminal_or_a_path_restarts_nothing() -> None:
    found = server_settings(reaching(Audience.SUPERVISOR, OURS | {"TERM": "xterm", "ENCORE_LOG_FORMAT": "json"}))
    assert set(found) == {"ENCORE_HOME", "DATABASE_URL", "ENCORE_LOG_FORMAT"}


def test_the_embedded_database_is_reached_whatever_the_shell_says() -> None:
    code = "import os, psycopg2; psycopg2.connect(os.environ['DATABASE_URL']).close(); print(sorted(os.environ))"
    with reachable_folder() as folder:
        environ = {**os.environ, **STRANGERS, "DATABASE_URL": "", "ENCORE_HOME": str(folder / "home")}
        del environ["PYTHONHOME"], environ["LD_PRELOAD"]  # no Python would start at all
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local", "run", "--no-java", "--stop-after", "--", "python", "-c", code],
            cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ours = {"PYTHONPATH", "DJANGO_SETTINGS_MODULE"}
    assert not [name for name in set(STRANGERS) - ours if f"'{name}'" in done.stdout]
