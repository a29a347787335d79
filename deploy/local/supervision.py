"""The supervisor that starts servers, starts them again when they die, and keeps and rotates their logs.

It is supervisord. Its settings name no path and no secret: those stand in its environment.
"""

import json
import secrets
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from deploy.local import services
from deploy.local.console import LocalError, tail
from deploy.local.processes import HOST, Identity, first_free, identify, service_port, stop_session
from deploy.local.settings import PROJECT_ROOT, Settings, write_private
from deploy.local.variables import server_settings

START_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 60.0
PORTS_TRIED = 50
FAILED = ("BACKOFF", "FATAL", "EXITED")

_SUPERVISOR = """\
[supervisord]
nodaemon=true
silent=true
logfile=%(ENV_ENCORE_HOME)s/logs/supervisor.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile=%(ENV_ENCORE_HOME)s/run/supervisord.pid

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
_CONTROL = """
[inet_http_server]
port={host}:{port}
username=encore
password={password}
"""
_PROGRAM = """
[program:{name}]
command=python -m deploy.local serve {name}
environment=ENCORE_BUILD="{mark}"
priority={priority}
autorestart=true
; the pause before each try is a second longer than the one before
startretries=1000000
startsecs={seconds}
stopwaitsecs={stop_seconds}
killasgroup=true
redirect_stderr=true
stdout_logfile=%(ENV_ENCORE_HOME)s/logs/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=5
"""


@dataclass(frozen=True)
class Note:
    """What is noted of a started supervisor, in a private file."""

    pid: int
    started: str
    boot: str
    port: int
    password: str
    variables: str  # digest of the environment that it hands on
    ports: dict[str, int] = field(default_factory=dict)  # of the servers, by their names

    @property
    def identity(self) -> Identity:
        """The process of the supervisor."""
        return Identity(self.pid, self.started, self.boot)


def note_of(settings: Settings) -> Note | None:
    """Return the note of a started supervisor, whether or not it still runs."""
    try:
        return Note(**json.loads(_note_file(settings).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def is_any_running(settings: Settings) -> bool:
    """Tell whether servers of this ENCORE_HOME run, or would be started again."""
    note = note_of(settings)
    return note is not None and note.identity.is_alive()


def ensure_running(settings: Settings, environ: Mapping[str, str], marks: Mapping[str, str]) -> None:
    """Have the supervisor run every server; those that run keep running, unless their mark has changed.

    Args:
        settings: the resolved variables.
        environ: what the supervisor hands on; when it has changed, all servers start anew.
        marks: by program a digest of what it was started with.
    """
    note = note_of(settings)
    variables = _digest(server_settings(environ))
    if note and note.identity.is_alive() and note.variables == variables and _answers(note):
        _write_settings(settings, note.port, note.password, marks)
        _update(settings, note)
        return
    stop(settings)
    given = _choose_ports(note)
    port, password = service_port(), secrets.token_urlsafe(24)
    services.write_workspace(settings, given)
    _write_settings(settings, port, password, marks)
    process = subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "-c", str(_settings_file(settings))],
        cwd=settings.root,
        env={**environ, "PYTHONPATH": str(PROJECT_ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # it lives on when this command and its terminal end
    )
    identity = identify(process.pid)
    if identity is None:
        raise LocalError(_failure("The supervisor ended at once", services.log_of("supervisor", settings)))
    made = Note(**asdict(identity), port=port, password=password, variables=variables, ports=given)
    write_private(_note_file(settings), json.dumps(asdict(made)))
    deadline = time.monotonic() + START_TIMEOUT_S
    while not _answers(made):
        if process.poll() is not None or time.monotonic() > deadline:
            raise LocalError(_failure("The supervisor did not start", services.log_of("supervisor", settings)))
        time.sleep(0.1)


def stop(settings: Settings) -> bool:
    """Stop the supervisor and all its servers; tell whether it ran."""
    note = note_of(settings)
    if note is None:
        return False
    was_alive = note.identity.is_alive()
    stop_session(note.identity, settings.home, STOP_TIMEOUT_S)
    # the note stays, with its ports: the next start asks for the same ones, which bookmarks point to
    return was_alive


def states(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return by program what the supervisor knows of it (`statename`, `pid`, `exitstatus`); none when it is away."""
    note = note_of(settings)
    if note is None or not note.identity.is_alive():
        return {}
    try:
        return {info["name"]: info for info in _control(note).getAllProcessInfo()}
    except (OSError, xmlrpc.client.Error):
        return {}


def await_answer(service: services.Service, settings: Settings, seconds: float) -> str | None:
    """Wait until a server runs and answers; returns None, or what is wrong with the end of its log."""
    log = services.log_of(service.name, settings)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        info = states(settings).get(service.name, {})
        if info.get("statename") in FAILED:
            return _failure(f"{service.title} ended with exit code {info['exitstatus']}", log)
        if info.get("statename") == "RUNNING" and service.answers(port_of(service, settings)):
            return None
        time.sleep(0.3)
    return _failure(f"{service.title} did not answer within {seconds:.0f} s", log)


def port_of(service: services.Service, settings: Settings) -> int | None:
    """Return where a server listens; None for one that listens nowhere."""
    note = note_of(settings)
    return note.ports.get(service.name) if note else None


def _choose_ports(before: Note | None) -> dict[str, int]:
    given: dict[str, int] = {}
    for service in services.SERVICES:
        if service.first_port is None:
            continue
        wanted = [before.ports[service.name]] if before and service.name in before.ports else []
        wanted += range(service.first_port, service.first_port + PORTS_TRIED)
        given[service.name] = first_free([port for port in wanted if port not in given.values()])
    return given


def _update(settings: Settings, note: Note) -> None:
    """Start anew what has changed, what was stopped, and what runs without answering."""
    control = _control(note)
    ((added, changed, removed),) = control.reloadConfig()
    for name in (*changed, *removed):
        control.stopProcessGroup(name)
        control.removeProcessGroup(name)
    for name in (*added, *changed):
        control.addProcessGroup(name)
    known = {service.name: service for service in services.SERVICES}
    for name, info in states(settings).items():
        is_mute = info["statename"] == "RUNNING" and name in known and not known[name].answers(note.ports.get(name))
        if is_mute and name not in (*added, *changed):
            control.stopProcess(name)
        if is_mute or info["statename"] in ("STOPPED", "EXITED", "FATAL"):
            control.startProcess(name, False)


def _write_settings(settings: Settings, port: int, password: str, marks: Mapping[str, str]) -> None:
    known = {service.name: service for service in services.SERVICES}
    programs = [
        _PROGRAM.format(
            name=name,
            mark=mark,
            priority=number,
            seconds=known[name].seconds if name in known else 1,
            stop_seconds=known[name].stop_seconds if name in known else 10,
        )
        for number, (name, mark) in enumerate(marks.items(), start=1)
    ]
    control = _CONTROL.format(host=HOST, port=port, password=password)
    write_private(_settings_file(settings), "".join([_SUPERVISOR, control, *programs]))


def _control(note: Note) -> Any:  # noqa: ANN401 - a proxy whose methods are the supervisor's
    return xmlrpc.client.ServerProxy(f"http://encore:{note.password}@{HOST}:{note.port}/RPC2").supervisor


def _answers(note: Note) -> bool:
    try:
        return bool(_control(note).getState()["statename"] == "RUNNING")
    except (OSError, xmlrpc.client.Error):
        return False


def _digest(environ: Mapping[str, str]) -> str:
    return sha256("\0".join(f"{name}={environ[name]}" for name in sorted(environ)).encode()).hexdigest()


def _failure(reason: str, log: Path) -> str:
    return f"{reason}. The end of its log {log}:\n{tail(log)}"


def _note_file(settings: Settings) -> Path:
    return settings.home / "run" / "servers.json"


def _settings_file(settings: Settings) -> Path:
    return settings.home / "run" / "supervisord.conf"
