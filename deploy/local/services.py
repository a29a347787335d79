"""The servers that `make up` leaves running: the portal, who follows its snapshots, and Dagster."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local import ports
from deploy.local.errors import LocalError, tail
from deploy.local.processes import Identity, identify, stop_session
from deploy.local.settings import Settings

ANSWER_TIMEOUT_S = 120.0
PORTS_TRIED = 50


@dataclass(frozen=True)
class Service:
    """A server, how it is started and where it answers."""

    name: str
    title: str
    first_port: int
    command: Callable[[int], list[str]]
    health_path: str
    forgets: tuple[str, ...]  # variables of other roles, which it has no business to know


PORTAL = Service(
    name="portal",
    title="Portal",
    first_port=8000,
    command=lambda port: [
        *["gunicorn", "webportal.config.wsgi:application", "-c", "python:webportal.config.gunicorn"],
        *["--bind", f"{ports.HOST}:{port}"],
    ],
    health_path="/",
    forgets=("MIGRATE_DATABASE_URL", "PUBLISH_DATABASE_URL"),
)
FOLLOWER = Service(
    name="follower",
    title="Follower",
    first_port=8100,
    command=lambda port: ["python", "webportal/manage.py", "follow_snapshots", "--bind", f"{ports.HOST}:{port}"],
    health_path="/healthz",
    forgets=PORTAL.forgets,
)
DAGSTER = Service(
    name="dagster",
    title="Dagster",
    first_port=3000,
    # webserver, daemon (sensors, schedules, run queue) and code location, as pyproject.toml's [tool.dg] describes it;
    # `nice`, so that Spark gives way to the portal and to Postgres, as in compose.yaml and in the unit of systemd
    command=lambda port: ["nice", "-n", "10", "dg", "dev", "--host", ports.HOST, "--port", str(port)],
    health_path="/server_info",
    forgets=("MIGRATE_DATABASE_URL", "DJANGO_SECRET_KEY"),
)
SERVICES = (PORTAL, FOLLOWER, DAGSTER)


@dataclass(frozen=True)
class Record:
    """What is noted of a started server."""

    pid: int
    started: str
    boot: str
    port: int
    fingerprint: str  # of the code and variables it was started with

    @property
    def identity(self) -> Identity:
        """The process that leads the server's session."""
        return Identity(self.pid, self.started, self.boot)

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://{ports.HOST}:{self.port}"


def record_of(service: Service, settings: Settings) -> Record | None:
    """Return the note of a started server, whether or not it still runs."""
    try:
        return Record(**json.loads(_record_file(service, settings).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def is_any_running(settings: Settings) -> bool:
    """Tell whether one of the servers of this ENCORE_HOME runs."""
    records = [record_of(service, settings) for service in SERVICES]
    return any(record.identity.is_alive() for record in records if record)


def ensure_running(
    service: Service, settings: Settings, environ: Mapping[str, str], fingerprint: str
) -> tuple[Record, bool]:
    """Return the running server and whether it was started now.

    A healthy one is kept, unless code or variables have changed since its start.

    Raises:
        LocalError: it did not start to answer; the message ends with its log.
    """
    record = record_of(service, settings)
    if record and record.identity.is_alive():
        if record.fingerprint == fingerprint and answers(record.url + service.health_path):
            return record, False
        stop(service, settings)
    wanted = [record.port] if record else []
    wanted += range(service.first_port, service.first_port + PORTS_TRIED)
    return _start(service, settings, environ, ports.first_free(wanted), fingerprint), True


def stop(service: Service, settings: Settings) -> bool:
    """Stop the server that was started for this ENCORE_HOME; tell whether it ran."""
    record = record_of(service, settings)
    if record is None:
        return False
    was_alive = record.identity.is_alive()
    stop_session(record.identity, settings.home)
    # the note stays, with its port: the next start asks for the same one, which bookmarks point to
    return was_alive


def log_of(service: Service, settings: Settings) -> Path:
    """Return the server's log file."""
    return settings.log_folder / f"{service.name}.log"


def answers(url: str) -> bool:
    """Tell whether a server gives a page at `url`, be it only the one to log in."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # our own http address
            return bool(response.status < 400)
    except (OSError, urllib.error.URLError):
        return False


def _start(service: Service, settings: Settings, environ: Mapping[str, str], port: int, fingerprint: str) -> Record:
    log = log_of(service, settings)
    with log.open("wb") as output:
        process = subprocess.Popen(
            service.command(port),
            cwd=settings.root,
            env={name: value for name, value in environ.items() if name not in service.forgets},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it lives on when this command and its terminal end
        )
    identity = identify(process.pid)
    if identity is None:
        raise LocalError(_failure(service, log, "ended at once"))
    record = Record(**asdict(identity), port=port, fingerprint=fingerprint)
    file = _record_file(service, settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(record)), encoding="utf-8")
    _wait_for(service, record, process, log, settings)
    return record


def _wait_for(
    service: Service, record: Record, process: subprocess.Popen[bytes], log: Path, settings: Settings
) -> None:
    deadline = time.monotonic() + ANSWER_TIMEOUT_S
    while time.monotonic() < deadline:
        code = process.poll()
        if code is not None:
            stop_session(record.identity, settings.home)
            raise LocalError(_failure(service, log, f"ended with exit code {code}"))
        if answers(record.url + service.health_path):
            return
        time.sleep(0.3)
    stop(service, settings)
    raise LocalError(_failure(service, log, f"did not answer at {record.url} within {ANSWER_TIMEOUT_S:.0f} s"))


def _failure(service: Service, log: Path, what: str) -> str:
    return (
        f"{service.title} {what}. The end of its log {log}:\n{tail(log)}\n"
        "  Put the cause right and run `make up` again: it goes on where it stopped."
    )


def _record_file(service: Service, settings: Settings) -> Path:
    return settings.home / "run" / f"{service.name}.json"
