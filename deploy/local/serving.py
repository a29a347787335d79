"""One server in its place: what the supervisor runs as `python -m deploy.local serve NAME`."""

import os
import shutil
import time

from deploy.local import services, supervision
from deploy.local.console import LocalError
from deploy.local.environment import prepare
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import Settings
from deploy.local.variables import Audience

NICENESS = 10
NEEDED_TIMEOUT_S = 300
LOOK_S = 1.0


def serve(name: str, settings: Settings) -> None:
    """Become the server of that name, in the environment that it needs; returns never.

    Raises:
        LocalError: it cannot start; the supervisor tries again.
    """
    if name == services.POSTGRES:
        _keep_postgres(settings)
    service = next(service for service in services.SERVICES if service.name == name)
    note = supervision.note_of(settings)
    if note is None:
        raise LocalError("Servers are started by `make up`: nothing is noted of their ports.")
    is_pipeline = service.audience == Audience.PIPELINE
    environ = prepare(settings, java=is_pipeline, audience=service.audience)
    if service.needs:
        _await(note.ports[service.needs], service)
    if is_pipeline:
        os.nice(NICENESS)  # Spark gives way to the portal and to Postgres, as in compose.yaml and in systemd's units
    command = service.command(note.ports, services.workspace_file(settings))
    program = shutil.which(command[0], path=environ["PATH"])
    if program is None:
        raise LocalError(f"There is no command {command[0]}: run `make up` once more.")
    os.execve(program, command, environ)  # noqa: S606  # a list, no shell


def _keep_postgres(settings: Settings) -> None:
    """Start the embedded Postgres whenever it does not run; any command may have started it."""
    server = EmbeddedPostgres(settings.home)
    while True:
        if server.pid() is None:
            server.start()
        time.sleep(LOOK_S)


def _await(port: int, service: services.Service) -> None:
    deadline = time.monotonic() + NEEDED_TIMEOUT_S
    while not services.listens(port):
        if time.monotonic() > deadline:
            raise LocalError(f"{service.title} waits for a server at port {port} that does not come.")
        time.sleep(LOOK_S)
