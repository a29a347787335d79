"""`make down`, `make status` and `make clean`."""

import shutil

from deploy.local import services
from deploy.local.console import say
from deploy.local.errors import LocalError
from deploy.local.locks import exclusive
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import Settings


def down(settings: Settings) -> None:
    """Stop what `make up` started for this ENCORE_HOME, and nothing else."""
    if not settings.home.exists():
        say(f"Nothing to stop: {settings.home} does not exist.")
        return
    with exclusive(settings.home / "up.lock", lambda: say("Waiting for a `make up` that is at work ...")):
        for service in services.SERVICES:
            say(f"{service.title:<10}{'stopped' if services.stop(service, settings) else 'was not running'}")
        say(f"{'Postgres':<10}{'stopped' if EmbeddedPostgres(settings.home).stop() else 'was not running'}")


def status(settings: Settings) -> bool:
    """Print what runs and where; tell whether all of it answers."""
    healthy = True
    for service in services.SERVICES:
        record = services.record_of(service, settings)
        runs = record is not None and record.identity.is_alive()
        answers = record is not None and runs and services.answers(record.url + service.health_path)
        healthy = healthy and answers
        where = f"{record.url}  pid {record.pid}" if record and runs else ""
        state = "running" if answers else "does not answer" if runs else "stopped"
        say(f"{service.title:<10}{state:<17}{where}")
    say(f"{'Postgres':<10}{_postgres_state(settings)}")
    say(f"{'Logs':<10}{settings.log_folder}")
    return healthy


def _postgres_state(settings: Settings) -> str:
    if settings.database_url:
        return "the one DATABASE_URL names"
    server = EmbeddedPostgres(settings.home)
    pid = server.pid()
    return f"{'running':<17}127.0.0.1:{server.port}  pid {pid}" if pid else "stopped"


def clean(settings: Settings, *, confirmed: bool) -> None:
    """Stop everything and delete ENCORE_HOME, with the database, the lake and the logs in it.

    Raises:
        LocalError: not confirmed, or the folder is none of ours.
    """
    if not settings.home.exists():
        say(f"Nothing to delete: {settings.home} does not exist.")
        return
    if not confirmed:
        raise LocalError(
            f"This deletes {settings.home} with database, notes and lake. If you mean it: make clean CONFIRM=yes"
        )
    if not (settings.home / "postgres").is_dir() and not (settings.home / "run").is_dir():
        raise LocalError(f"{settings.home} does not look like a folder of Encore's: delete it by hand if you mean it.")
    down(settings)
    EmbeddedPostgres(settings.home).remove()
    shutil.rmtree(settings.home)
    say(f"Deleted {settings.home}")
