"""The servers of Encore on one machine: what each is called, started by, and asked for."""

import socket
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import dagster_home, processes
from deploy.local.settings import Settings, write_private
from deploy.local.variables import Audience

PORTAL_SOURCES = ("webportal", "spark_assets/contracts")
PIPELINE_SOURCES = ("orchestration", "spark_assets")

Ports = Mapping[str, int]

# requests to this machine go to no proxy, whatever the environment names
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Service:
    """A server, how it is started and where it answers."""

    name: str
    title: str
    audience: Audience
    sources: tuple[str, ...]  # files and folders of the project whose change wants a restart
    command: Callable[[Ports, Path], list[str]]  # from the ports of all servers and the workspace file
    first_port: int | None = None
    health_path: str | None = None  # of an HTTP server
    needs: str | None = None  # name of the server that must listen before
    seconds: int = 2  # how long it runs until it counts as started
    stop_seconds: int = 20  # how long it may take to end

    def answers(self, port: int | None) -> bool:
        """Tell whether it gives a page, or listens, at its port; one without a port is asked nothing."""
        if port is None:
            return True
        if self.health_path is None:
            return listens(port)
        return answers(f"http://{processes.HOST}:{port}{self.health_path}")


PORTAL = Service(
    name="portal",
    title="Portal",
    audience=Audience.PORTAL,
    sources=PORTAL_SOURCES,
    command=lambda given, _: [
        *["gunicorn", "webportal.config.wsgi:application", "-c", "python:webportal.config.gunicorn"],
        *["--bind", f"{processes.HOST}:{given['portal']}"],
    ],
    first_port=8000,
    health_path="/",
    stop_seconds=35,  # gunicorn ends the requests it has within 30 s
)
FOLLOWER = Service(
    name="follower",
    title="Follower",
    audience=Audience.PORTAL,
    sources=PORTAL_SOURCES,
    command=lambda given, _: [
        *["python", "webportal/manage.py", "follow_snapshots", "--bind", f"{processes.HOST}:{given['follower']}"]
    ],
    first_port=8100,
    health_path="/healthz",
)
CODE = Service(
    name="code",
    title="Code",
    audience=Audience.PIPELINE,
    sources=(*PIPELINE_SOURCES, dagster_home.SETTINGS),
    command=lambda given, _: [
        *["dagster", "api", "grpc", "--host", processes.HOST, "--port", str(given["code"])],
        *["--module-name", "orchestration.definitions", "--location-name", "encore"],
    ],
    first_port=4000,
    seconds=5,
)
DAGSTER = Service(
    name="dagster",
    title="Dagster",
    audience=Audience.PIPELINE,
    sources=(dagster_home.SETTINGS,),
    command=lambda given, workspace: [
        *["dagster-webserver", "--host", processes.HOST, "--port", str(given["dagster"]), "--workspace", str(workspace)]
    ],
    first_port=3000,
    health_path="/server_info",
    needs="code",
)
DAEMON = Service(
    name="daemon",
    title="Daemon",
    audience=Audience.PIPELINE,
    sources=(dagster_home.SETTINGS,),
    command=lambda _, workspace: ["dagster-daemon", "run", "--workspace", str(workspace)],
    needs="code",
    seconds=5,
)
SERVICES = (PORTAL, FOLLOWER, CODE, DAGSTER, DAEMON)

POSTGRES = "postgres"
"""Name of the program that starts the embedded Postgres again when it has died."""


def answers(url: str) -> bool:
    """Tell whether a server gives a page at `url`, be it only the one to log in."""
    try:
        with _DIRECT.open(url, timeout=5) as response:
            return bool(response.status < 400)
    except OSError:
        return False


def listens(port: int) -> bool:
    """Tell whether somebody takes connections at a port of this machine."""
    try:
        socket.create_connection((processes.HOST, port), timeout=5).close()
    except OSError:
        return False
    return True


def workspace_file(settings: Settings) -> Path:
    """Return the file that tells Dagster's webserver and daemon where the code is."""
    return settings.home / "run" / "workspace.yaml"


def write_workspace(settings: Settings, given: Ports) -> None:
    """Write that file."""
    place = f"host: {processes.HOST}\n      port: {given[CODE.name]}\n      location_name: encore"
    write_private(workspace_file(settings), f"load_from:\n  - grpc_server:\n      {place}\n")


def log_of(name: str, settings: Settings) -> Path:
    """Return a server's log file; older ones lie beside it as `.1`, `.2`, ..."""
    return settings.log_folder / f"{name}.log"
