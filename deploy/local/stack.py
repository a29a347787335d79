"""`make up`, `make down`, `make status` and `make clean`."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local import dagster_home, database, fingerprints, processes, samples, services, supervision
from deploy.local.backup.database import has_snapshot
from deploy.local.console import LocalError, Progress, Step, box, complain, run_step, say
from deploy.local.environment import prepare, supervisor_environment
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.processes import exclusive
from deploy.local.settings import Settings, version_of

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
        place = f"{'http://' if service.health_path else ''}{processes.HOST}:{port}" if port else "-"
        say(f"{service.title:<10}{state:<17}{_where(place, info) if runs else ''}".rstrip())
    answers, text = _postgres_state(settings)
    say(f"{'Postgres':<10}{text}")
    say(f"{'Logs':<10}{settings.log_folder}")
    say(f"{'Version':<10}{version_of(settings.root)}")
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
    return answers, f"{'running' if answers else 'does not answer':<17}{f'{processes.HOST}:{server.port}':<24}pid {pid}"


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


AGAIN = "Put the cause right and run `make up` again: it goes on where it stopped."
LEFT_OUT = 3
"""Exit code of a run that published, and left damaged log files out: it names them itself."""
PIPELINE_FAILED = 4
"""Exit code of `make up` when all servers run and the pipeline failed."""
ANSWER_TIMEOUT_S = 180.0
MANAGE = ("webportal/manage.py",)


def up(settings: Settings) -> int:
    """Bring up the servers, print where they are, then compute what is new; what is ready already is kept.

    Returns:
        The exit code: 0, or `PIPELINE_FAILED` when the servers run and nothing new was published.

    Raises:
        LocalError: the servers do not all run; its text says why and what to do.
    """
    progress = Progress()

    def waiting() -> None:
        progress.line("waiting", "another `make up` or `make down` is at work in the same ENCORE_HOME")

    with exclusive(settings.home / "up.lock", waiting):
        return _Up(settings, progress).bring_up()


@dataclass
class _Up:
    """The steps in their order, each skipped when there is nothing to do."""

    settings: Settings
    progress: Progress
    environ: dict[str, str] = field(default_factory=dict)

    def bring_up(self) -> int:
        self._refuse_missing_inbox()
        self._prepare()
        self._manage("migrate", "migrate", "--noinput", "-v", "0", hint=f"Is the database of another version? {AGAIN}")
        self._manage("roles", "database_roles")
        logins = self._create_first_users()
        self._serve()
        say(self._summary(logins))
        try:
            self._compute()
        except LocalError as error:
            complain(f"Encore: portal and Dagster are up, but the pipeline failed.\n{error}")
            return PIPELINE_FAILED
        return 0

    def _prepare(self) -> None:
        self.environ = prepare(self.settings)
        self.progress.line("java", self.environ["JAVA_HOME"])
        place = "the one DATABASE_URL names" if self.settings.database_url else "embedded, on 127.0.0.1"
        self.progress.line("postgres", place)

    def _refuse_missing_inbox(self) -> None:
        inbox = self.settings.local_logs
        if inbox and self.settings.own_logs and not inbox.is_dir():
            raise LocalError(
                f"ENCORE_LOGS={inbox} is no folder: name one that holds log files (or will), or leave ENCORE_LOGS "
                "unset to see Encore with sample logs."
            )

    def _compute(self) -> None:
        """Make sample logs where there is nothing, then ingest, score and publish what is new."""
        if samples.are_wanted(self.settings):
            self._python("simulate", *samples.command(self.settings))
            samples.move_into_inbox(self.settings)
        new_only = ["--if-new"] if has_snapshot(self.environ["DATABASE_URL"]) else []
        self._python(
            "materialize",
            *["-m", "orchestration", "materialize", *new_only],
            hint="Dagster shows the run; bad files are taken out by its job `withdraw_batch`. Then: make materialize",
            success_codes=(0, LEFT_OUT),
        )

    def _create_first_users(self) -> list[list[str]]:
        lines = self._manage("first users", "create_first_users", is_secret=True)
        return [words for line in lines if len(words := line.split()) == 2]

    def _serve(self) -> None:
        """Have every server run, and wait until all answer."""
        wanted = supervisor_environment(self.settings, self.environ)
        supervision.ensure_running(self.settings, wanted, self._marks())
        failures = []
        for service in services.SERVICES:
            failure = supervision.await_answer(service, self.settings, ANSWER_TIMEOUT_S)
            port = supervision.port_of(service, self.settings)
            where = f"at http://{processes.HOST}:{port}" if service.health_path else ""
            self.progress.line(service.name, f"{'failed' if failure else 'running'} {where}".rstrip())
            failures += [failure] if failure else []
        if failures:
            raise LocalError("\n".join([*failures, f"  It is started again until it runs. {AGAIN}"]))

    def _marks(self) -> dict[str, str]:
        """Return by program a digest of the code that it runs; new code under an old server would mislead."""
        dagster = self.environ["DAGSTER_HOME"]
        marks = {} if self.settings.database_url else {services.POSTGRES: "1"}
        for service in services.SERVICES:
            sources = [f"{dagster}/{name}" if name == dagster_home.SETTINGS else name for name in service.sources]
            marks[service.name] = fingerprints.of_sources(self.settings.root, *sources)
        return marks

    def _manage(self, name: str, *arguments: str, hint: str = AGAIN, is_secret: bool = False) -> list[str]:
        return self._python(name, *MANAGE, *arguments, hint=hint, is_secret=is_secret)

    def _python(
        self,
        name: str,
        *arguments: str,
        hint: str = AGAIN,
        is_secret: bool = False,
        success_codes: Sequence[int] = (0,),
    ) -> list[str]:
        step = Step(name, (sys.executable, *arguments), hint, is_secret, success_codes)
        self.progress.line(name, "...")
        log = self.settings.log_folder / f"{name.replace(' ', '-')}.log"
        return run_step(step, self.environ, self.settings.root, log, lambda line: self.progress.line("", line))

    def _summary(self, logins: Sequence[Sequence[str]]) -> str:
        portal, dagster = (
            f"http://{processes.HOST}:{supervision.port_of(service, self.settings)}"
            for service in (services.PORTAL, services.DAGSTER)
        )
        lines = ["Encore is up.", "", f"Portal    {portal}", f"Dagster   {dagster}", ""]
        if logins:
            lines += ["Log in to the portal with (shown only now):"]
            lines += [f"  {name:<8}{password}" for name, password in logins]
        else:
            lines += ["Logins as before; a new password: make password USER=agent"]
        return box([*lines, "", f"Logs      {_short(self.settings.log_folder)}", "Stop      make down"])


def _short(path: Path) -> str:
    """Return the path from the current folder when it lies below it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
