"""A throw-away ENCORE_HOME, a project of stubs, and the embedded Postgres started once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import Settings, resolve
from tests.embedded import embedded_postgres, reachable_folder

STUBS = {
    "requirements.txt": "",
    "pyproject.toml": '[project]\nversion = "0.0.1"\n'
    '[tool.dg]\ndirectory_type = "project"\n[tool.dg.project]\nroot_module = "orchestration"\n'
    'code_location_target_module = "orchestration.definitions"\n',
    "webportal/__init__.py": "",
    "webportal/config/__init__.py": "",
    "webportal/config/wsgi.py": "def application(environ, start_response):\n"
    "    start_response('200 OK', [])\n    return [b'stub']\n",
    "webportal/config/gunicorn.py": "",
    "webportal/manage.py": "import os, pathlib, sys\n"
    "mark = pathlib.Path(os.environ['ENCORE_HOME']) / 'users'\n"
    "if sys.argv[1] == 'create_first_users' and not mark.exists():\n"
    "    mark.touch()\n    print('agent pw-of-agent')\n    print('admin pw-of-admin')\n"
    "if sys.argv[1] == 'follow_snapshots':\n"
    "    from http.server import BaseHTTPRequestHandler, HTTPServer\n"
    "    class Alive(BaseHTTPRequestHandler):\n"
    "        def do_GET(self):\n            self.send_response(200)\n            self.end_headers()\n"
    "    host, port = sys.argv[sys.argv.index('--bind') + 1].split(':')\n"
    "    HTTPServer((host, int(port)), Alive).serve_forever()\n",
    "orchestration/__init__.py": "",
    "orchestration/__main__.py": "import os, sys\nassert os.environ['DATABASE_URL']\nprint('published')\n",
    "orchestration/definitions.py": "import dagster as dg\ndefs = dg.Definitions(assets=[dg.AssetSpec('stub')])\n",
    "spark_assets/__init__.py": "",
    "spark_assets/simulation/__init__.py": "",
    "spark_assets/simulation/__main__.py": "import pathlib, sys\n"
    "folder = pathlib.Path(sys.argv[sys.argv.index('--out') + 1])\n"
    "folder.mkdir()\n(folder / 'encore-sample-day.json.gz').write_bytes(b'')\nprint('wrote 1 file')\n",
}


@pytest.fixture
def home() -> Iterator[Path]:
    with reachable_folder() as folder:
        home = folder / "home"
        yield home
        EmbeddedPostgres(home).stop()


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with embedded_postgres() as server:
        yield server


@pytest.fixture
def project(home: Path) -> Path:
    root = home.parent / "project"
    for name, text in STUBS.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def settings(project: Path, home: Path) -> Settings:
    own = ("ENCORE_", "DATABASE_URL", "MIGRATE_DATABASE_URL", "PUBLISH_DATABASE_URL", "DJANGO_")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return resolve(environ | {"ENCORE_HOME": str(home)}, home.parent, project)
