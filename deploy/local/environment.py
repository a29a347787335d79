"""The environment that every command of Encore runs in."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from deploy.local import database
from deploy.local.console import LocalError
from deploy.local.dagster_home import dagster_home
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.processes import is_shared, share
from deploy.local.settings import Settings, is_remote, read_or_create_secret
from deploy.local.supervision import is_any_running
from deploy.local.tools import find_java_home
from deploy.local.variables import Audience, reaching


def prepare(
    settings: Settings,
    *,
    java: bool = True,
    postgres: bool = True,
    as_owner: bool = False,
    audience: Audience = Audience.BY_HAND,
) -> dict[str, str]:
    """Make ready what a command needs and return its environment.

    Args:
        settings: the resolved variables.
        audience: for whom; variables and secrets of others stay out.
        java: whether the command needs Java.
        postgres: whether the command needs the database.
        as_owner: whether the command does everything as the owner of the embedded database, as tests do.

    Raises:
        LocalError: something is missing that the user can put right.
    """
    environ = kept(settings, audience)
    environ.update(
        ENCORE_HOME=str(settings.home),
        ENCORE_LOGS=settings.logs,
        ENCORE_LAKE=settings.lake,
        ENCORE_COMPUTE=settings.compute,
        DAGSTER_HOME=str(dagster_home(settings.home)),
        PATH=os.pathsep.join([str(settings.venv_bin), environ.get("PATH", os.defpath)]),
    )
    environ.setdefault("DJANGO_SETTINGS_MODULE", "webportal.config.settings.dev")
    if not environ.get("DJANGO_SECRET_KEY"):
        environ["DJANGO_SECRET_KEY"] = read_or_create_secret(settings.home / "django-secret-key")
    if not environ.get("ENCORE_PSEUDONYM_KEY"):
        environ["ENCORE_PSEUDONYM_KEY"] = read_or_create_secret(settings.home / "pseudonym-key")
    _point_spark(environ, settings)
    _make_folders(settings)
    if java:
        environ["JAVA_HOME"] = str(find_java_home(environ, settings.home))
    if postgres:
        environ.update(database_urls(settings, as_owner=as_owner))
    elif not environ.get("DATABASE_URL"):
        environ.pop("DATABASE_URL", None)
    ours = {
        "VIRTUAL_ENV": sys.prefix,  # `dg` compares it with the environment it finds in the project
        "PYTHONPATH": str(settings.root),
    }
    return kept(settings, audience, environ) | ours


def kept(settings: Settings, audience: Audience, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that reach a process of the audience, of some or of the user's."""
    found = settings.environ if environ is None else environ
    return reaching(audience, found, compute=settings.compute, own_database=bool(settings.database_url))


def supervisor_environment(settings: Settings, prepared: Mapping[str, str]) -> dict[str, str]:
    """Return what the supervisor hands on to the servers: the user's variables, with every place by its full path.

    Addresses of the embedded database are none of the user's: each server asks for those of its own role.
    """
    places = ("ENCORE_HOME", "ENCORE_LAKE", "ENCORE_COMPUTE", "PATH")
    logs = {"ENCORE_LOGS": settings.logs} if settings.own_logs else {}
    return kept(settings, Audience.SUPERVISOR) | {name: prepared[name] for name in places} | logs


def database_urls(settings: Settings, *, as_owner: bool) -> dict[str, str]:
    """Return the user's database once it answers, else start the embedded one; one variable for each role there is.

    Of a user's own database `MIGRATE_DATABASE_URL` and `PUBLISH_DATABASE_URL` are theirs to set.
    """
    if settings.database_url:
        database.check(settings.database_url)
        return {"DATABASE_URL": settings.database_url}
    server = EmbeddedPostgres(settings.home)
    if as_owner:
        return {"DATABASE_URL": server.start()}
    urls = server.role_urls()
    return {
        "DATABASE_URL": urls.portal,
        "PUBLISH_DATABASE_URL": urls.publisher,
        "MIGRATE_DATABASE_URL": urls.owner,
    }


def _point_spark(environ: dict[str, str], settings: Settings) -> None:
    """Make a local Spark use this environment's Python and its own files, whatever the shell has set."""
    ours = {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    if settings.compute == "local":
        environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # a cluster's executors could not reach a driver there
        environ.update(ours)
    else:  # on a cluster the workers' Python lies elsewhere, which only the user knows
        environ.update({name: value for name, value in ours.items() if not environ.get(name)})


def _make_folders(settings: Settings) -> None:
    folders = [settings.log_folder, settings.home / "inbox"]
    folders += [] if is_remote(settings.lake) else [Path(settings.lake)]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)


def execute(settings: Settings, command: Sequence[str], environ: dict[str, str], *, stop_after: bool) -> int:
    """Run `command` in `environ` and return its exit code; without `stop_after` it replaces this process.

    With `stop_after` the embedded Postgres is stopped at the end, unless another command or `make up` uses it.
    """
    program = shutil.which(command[0], path=environ["PATH"])
    if program is None:
        raise LocalError(f"There is no command {command[0]}: run `make up` once, or look at its spelling.")
    users = settings.home / "postgres-users.lock"
    descriptor = share(users)
    if not stop_after:
        os.execve(program, list(command), environ)  # noqa: S606  # a list, no shell
    code = _run_child([program, *command[1:]], environ, descriptor)
    os.close(descriptor)
    if not settings.database_url and not is_shared(users) and not is_any_running(settings):
        EmbeddedPostgres(settings.home).stop()
    return code


def _run_child(command: list[str], environ: dict[str, str], descriptor: int) -> int:
    """Run a child, handing on the signals that would end us, and return its exit code as a shell would."""
    children: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def hand_on(number: int, _frame: FrameType | None) -> None:
        if children:
            children[0].send_signal(number)
        else:
            early.append(number)

    # In place before the child begins: it may say that it is ready, and we be ended, at once.
    previous = {number: signal.signal(number, hand_on) for number in (signal.SIGTERM, signal.SIGHUP)}
    child = subprocess.Popen(command, env=environ, pass_fds=[descriptor])
    children.append(child)
    for number in early:
        child.send_signal(number)
    # Ctrl-C reaches the child by itself, which would inherit that we ignore it; we wait for its end to clean up
    previous[signal.SIGINT] = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = child.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
