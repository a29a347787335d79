"""pg_dump and pg_restore: those that fit the server, and never a password on their command lines."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from psycopg2.extensions import make_dsn, parse_dsn

from deploy.local import postgres_binaries
from deploy.local.errors import LocalError

MOST_JOBS = 4
_SHOWN_LINES = 5


@dataclass(frozen=True)
class Programs:
    """A folder with pg_dump and pg_restore of one major version."""

    major: int
    folder: Path

    def dump(self, url: str, snapshot: str, target: Path) -> None:
        """Write the database at `url`, as the exported `snapshot` shows it, to `target`.

        Raises:
            LocalError: with what pg_dump says.
        """
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={target}"]
        self._run("pg_dump", url, *options)

    def load(self, url: str, source: Path) -> None:
        """Fill the empty database at `url` from a dump, with owners and grants.

        Raises:
            LocalError: with what pg_restore says.
        """
        jobs = min(os.cpu_count() or 1, MOST_JOBS)
        self._run("pg_restore", url, "--exit-on-error", f"--jobs={jobs}", str(source))

    def _run(self, program: str, url: str, *options: str) -> None:
        parts = parse_dsn(url)
        password = parts.pop("password", None)
        environ = {**os.environ, "LC_ALL": "C"}
        if password is not None:  # the command line is everybody's to read
            environ["PGPASSWORD"] = password
        command = [str(self.folder / program), "--no-password", f"--dbname={make_dsn(**parts)}", *options]
        done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0:
            told = done.stderr.decode(errors="replace").strip().splitlines()
            words = "\n".join(f"    {line}" for line in told[:_SHOWN_LINES])
            raise LocalError(f"{program} failed:\n{words}")


def programs_for(major: int) -> Programs:
    """Return programs for a server of a major version: the oldest of those that know it.

    Raises:
        LocalError: neither the installed package nor PATH has any.
    """
    found = [Programs(version, folder / "bin") for version, folder in sorted(postgres_binaries.installed().items())]
    on_path = shutil.which("pg_dump")
    if on_path and (version := _major(on_path)):
        found.append(Programs(version, Path(on_path).parent))
    fitting = [programs for programs in found if programs.major >= major]
    if not fitting:
        raise LocalError(
            f"The server is PostgreSQL {major}, and no pg_dump here is as new: install postgresql-client-{major}."
        )
    return min(fitting, key=lambda programs: programs.major)


def _major(program: str) -> int | None:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"(\d+)\.", done.stdout)
    return int(version.group(1)) if version else None
