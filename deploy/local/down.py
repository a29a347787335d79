"""`make down`, `make status` and `make clean`."""

import shutil
from typing import Any

from deploy.local import database, ports, services, supervision
from deploy.local.console import say
from deploy.local.errors import LocalError
from deploy.local.locks import exclusive
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.settings import Settings

_STATES = {"STARTING": "starting", "BACKOFF": "fails, tried again"}
"""What the supervisor's words mean."""


def down(settings: Settings) -> None:
    """Stop what `make up` started for this ENCORE_HOME, and nothing else."""
    if not settings.home.exists():
        say(f"Nothing to stop: {settings.home} does not exist.")
        return
    with exclusive(settings.home / "up.lock", lambda: say("Waiting for a `make up` that is at work ...")):
        running = supervision.states(settings)
        supervision.stop(settings)
        for service in services.SERVICES:
            was = running.get(service.name, {}).get("statename") == "RUNNING"
            say(f"{service.title:<10}{'stopped' if was else 'was not running'}")
        say(f"{'Postgres':<10}{'stopped' if EmbeddedPostgres(settings.home).stop() else 'was not running'}")


def status(settings: Settings) -> bool:
    """Print what runs and where; tell whether all of it answers, the database included."""
    states = supervision.states(settings)
    healthy = True
    for service in services.SERVICES:
        info = states.get(service.name, {})
        port = supervision.port_of(service, settings)
        runs = info.get("statename") == "RUNNING"
        answers = runs and service.answers(port)
        healthy = healthy and answers
        state = (
            "running" if answers else "does not answer" if runs else _STATES.get(str(info.get("statename")), "stopped")
        )
        place = f"{'http://' if service.health_path else ''}{ports.HOST}:{port}" if port else "-"
        say(f"{service.title:<10}{state:<17}{_where(place, info) if runs else ''}".rstrip())
    answers, text = _postgres_state(settings)
    say(f"{'Postgres':<10}{text}")
    say(f"{'Logs':<10}{settings.log_folder}")
    return healthy and answers


def _where(place: str, info: dict[str, Any]) -> str:
    return f"{place:<24}pid {info['pid']}"


def _postgres_state(settings: Settings) -> tuple[bool, str]:
    """Tell whether the database answers, and how and where it runs."""
    if settings.database_url:
        answers = database.connects(settings.database_url)
        return answers, f"{'running' if answers else 'does not answer':<17}{database.parse(settings.database_url)}"
    server = EmbeddedPostgres(settings.home)
    pid = server.pid()
    if pid is None or server.url is None:
        return False, "stopped"
    answers = database.connects(server.url)
    return answers, f"{'running' if answers else 'does not answer':<17}{f'{ports.HOST}:{server.port}':<24}pid {pid}"


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
            f"This deletes {settings.home} with database, notes, lake and all log files in its inbox. "
            "If you mean it: make clean CONFIRM=yes"
        )
    if not (settings.home / "postgres").is_dir() and not (settings.home / "run").is_dir():
        raise LocalError(f"{settings.home} does not look like a folder of Encore's: delete it by hand if you mean it.")
    down(settings)
    EmbeddedPostgres(settings.home).remove()
    shutil.rmtree(settings.home)
    say(f"Deleted {settings.home}")
