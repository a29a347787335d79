"""`make up`: from a prepared environment to the running portal and Dagster."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import dagster_home, fingerprints, services
from deploy.local.console import Progress, box, say
from deploy.local.errors import LocalError
from deploy.local.locks import exclusive
from deploy.local.run import prepare
from deploy.local.settings import Settings
from deploy.local.steps import Step, run_step

AGAIN = "Put the cause right and run `make up` again: it goes on where it stopped."
SAMPLE = ("--users", "250", "--days", "60", "--seed", "1")
MANAGE = ("webportal/manage.py",)
PORTAL_SOURCES = ("webportal", "spark_assets/contracts")


def up(settings: Settings) -> None:
    """Bring everything up and print where it is; what is ready already is kept.

    Raises:
        LocalError: a step failed; its text says which, why and what to do.
    """
    progress = Progress()

    def waiting() -> None:
        progress.line("waiting", "another `make up` or `make down` is at work in the same ENCORE_HOME")

    with exclusive(settings.home / "up.lock", waiting):
        _Up(settings, progress).bring_up()


@dataclass
class _Up:
    """The steps in their order, each skipped when there is nothing to do."""

    settings: Settings
    progress: Progress
    environ: dict[str, str] = field(default_factory=dict)

    def bring_up(self) -> None:
        self._refuse_empty_logs()
        self._prepare()
        self._manage("migrate", "migrate", "--noinput", "-v", "0", hint=f"Is the database of another version? {AGAIN}")
        self._manage("roles", "database_roles")
        self._sample_logs()
        self._materialize()
        logins = self._create_first_users()
        portal = self._serve(services.PORTAL, *PORTAL_SOURCES)
        self._serve(services.FOLLOWER, *PORTAL_SOURCES)
        own = f"{self.environ['DAGSTER_HOME']}/{dagster_home.SETTINGS}"
        dagster = self._serve(services.DAGSTER, "orchestration", "spark_assets", own)
        say(self._summary(portal, dagster, logins))

    def _prepare(self) -> None:
        self.environ = prepare(self.settings)
        self.progress.line("java", self.environ["JAVA_HOME"])
        place = "the one DATABASE_URL names" if self.settings.database_url else "embedded, on 127.0.0.1"
        self.progress.line("postgres", place)

    def _refuse_empty_logs(self) -> None:
        """Stop at once when the user's own folder holds nothing: made-up listeners must not get into it."""
        inbox = self.settings.local_logs
        if inbox and self.settings.own_logs and not fingerprints.log_files(inbox):
            raise LocalError(
                f"ENCORE_LOGS={inbox} holds no log files (*.json or *.json.gz): put some there, name another folder, "
                "or leave ENCORE_LOGS unset to see Encore with sample logs."
            )

    def _sample_logs(self) -> None:
        inbox = self.settings.local_logs
        if inbox is None or fingerprints.log_files(inbox):
            return
        # written aside first: an interrupted simulation must not pass for a filled inbox
        partial = self.settings.home / "inbox.partial"
        shutil.rmtree(partial, ignore_errors=True)
        self._python("simulate", "-m", "spark_assets.jobs.simulate", *SAMPLE, "--out", str(partial))
        for file in sorted(partial.iterdir()):
            file.rename(inbox / file.name)
        partial.rmdir()

    def _materialize(self) -> None:
        inbox = fingerprints.of_inbox(self.settings, self.environ["DATABASE_URL"])
        if fingerprints.is_recorded(self.settings, "inbox", inbox):
            self.progress.line("materialize", "nothing new in the inbox")
            return
        self._python("materialize", "-m", "orchestration", "materialize")
        fingerprints.record(self.settings, "inbox", inbox)

    def _create_first_users(self) -> list[list[str]]:
        lines = self._manage("first users", "create_first_users", is_secret=True)
        return [words for line in lines if len(words := line.split()) == 2]

    def _serve(self, service: services.Service, *sources: str) -> services.Record:
        fingerprint = fingerprints.of_server(self.settings, self.environ, *sources)
        record, is_new = services.ensure_running(service, self.settings, self.environ, fingerprint)
        self.progress.line(service.name, f"{'started' if is_new else 'running'} at {record.url}")
        return record

    def _manage(self, name: str, *arguments: str, hint: str = AGAIN, is_secret: bool = False) -> list[str]:
        return self._python(name, *MANAGE, *arguments, hint=hint, is_secret=is_secret)

    def _python(self, name: str, *arguments: str, hint: str = AGAIN, is_secret: bool = False) -> list[str]:
        step = Step(name, (sys.executable, *arguments), hint, is_secret)
        self.progress.line(name, "...")
        log = self.settings.log_folder / f"{name.replace(' ', '-')}.log"
        return run_step(step, self.environ, self.settings.root, log, lambda line: self.progress.line("", line))

    def _summary(self, portal: services.Record, dagster: services.Record, logins: Sequence[Sequence[str]]) -> str:
        lines = ["Encore is up.", "", f"Portal    {portal.url}", f"Dagster   {dagster.url}", ""]
        if logins:
            lines += ["Log in to the portal with (shown only now):"]
            lines += [f"  {name:<8}{password}" for name, password in logins]
        else:
            lines += ["Logins as before; a new password: make password USER=agent"]
        return box([*lines, "", f"Logs      {_short(self.settings.log_folder)}", "Stop      make down"])


def _short(path: Path) -> str:
    """Return the path from the current folder when it lies below it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
