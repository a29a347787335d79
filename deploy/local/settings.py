"""Settings of Encore on this machine, from the environment and `.env`, and files that only their owner reads."""

import os
import secrets
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.console import LocalError


def write_private(path: Path, text: str) -> None:
    """Replace `path` by a file of mode 0600 that holds `text`, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp creates with 0600, so the secret is never readable by others, not even for a moment
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(path)


def read_or_create_secret(path: Path, length: int = 50) -> str:
    """Return the secret kept in `path`, generating it the first time."""
    if path.exists():
        kept = path.read_text(encoding="utf-8").strip()
        if kept:
            return kept
    secret = secrets.token_urlsafe(length)
    write_private(path, secret + "\n")
    return secret


PROJECT_ROOT = Path(__file__).resolve().parents[2]


def version_of(root: Path) -> str:
    """Return Encore's version, which pyproject.toml holds."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


@dataclass(frozen=True)
class Settings:
    """The resolved variables of DESIGN section 4; local paths are absolute."""

    root: Path
    home: Path
    logs: str
    lake: str
    compute: str
    database_url: str | None
    own_logs: bool  # the user named the folder of logs, so it is not ours to fill
    own_lake: bool  # the same of the lake
    environ: Mapping[str, str]

    @property
    def log_folder(self) -> Path:
        """Where steps and servers write their logs."""
        return self.home / "logs"

    @property
    def venv_bin(self) -> Path:
        """The folder of the running interpreter, which holds the installed commands too."""
        return Path(sys.executable).parent

    @property
    def local_logs(self) -> Path | None:
        """The folder of log files, or None when it is a remote address."""
        return None if is_remote(self.logs) else Path(self.logs)


def is_remote(location: str) -> bool:
    """Tell an address such as `s3://bucket/prefix` from a local path."""
    return "://" in location


def read_dotenv(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines; blank lines and comments are skipped.

    Raises:
        LocalError: a line is neither.
    """
    if not path.is_file():
        return {}
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise LocalError(f"{path} line {number} is not of the form NAME=value: put it right or remove it.")
        values[name.strip()] = value.strip().strip("'\"")
    return values


SECRETS = (
    *("DATABASE_URL", "PUBLISH_DATABASE_URL", "MIGRATE_DATABASE_URL"),
    *("DJANGO_SECRET_KEY", "EMAIL_URL", "ENCORE_PSEUDONYM_KEY", "ENCORE_NOTICE_WEBHOOK"),
)


def read_secret_files(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with each secret that lies in the file of `NAME_FILE` read from there.

    Raises:
        LocalError: a file cannot be read, or a secret is given in both ways.
    """
    found = dict(environ)
    for name in SECRETS:
        file = found.pop(f"{name}_FILE", "")
        if not file:
            continue
        if found.get(name):
            raise LocalError(f"{name} and {name}_FILE are both set: keep one.")
        try:
            found[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise LocalError(f"{name}_FILE names {file}, which cannot be read: {error}.") from None
    return found


def resolve(environ: Mapping[str, str], folder: Path, root: Path = PROJECT_ROOT) -> Settings:
    """Resolve the variables; relative paths count from `folder`, an empty value means the default."""
    # a variable that is set, even to nothing, wins over `.env`: that is how `make test` shuts it out
    merged = read_secret_files(read_dotenv(root / ".env") | dict(environ))
    home = _absolute(merged.get("ENCORE_HOME") or str(root / ".encore"), folder)
    if is_remote(home):
        raise LocalError(
            f"ENCORE_HOME is {home}: it must be a local folder (ENCORE_LAKE and ENCORE_LOGS may be remote)."
        )
    return Settings(
        root=root,
        home=Path(home),
        logs=_absolute(merged.get("ENCORE_LOGS") or f"{home}/inbox", folder),
        lake=_absolute(merged.get("ENCORE_LAKE") or f"{home}/lake", folder),
        compute=merged.get("ENCORE_COMPUTE") or "local",
        database_url=merged.get("DATABASE_URL") or None,
        own_logs=bool(merged.get("ENCORE_LOGS")),
        own_lake=bool(merged.get("ENCORE_LAKE")),
        environ=merged,
    )


def _absolute(location: str, folder: Path) -> str:
    """Return a local path absolute and normalised; leave remote addresses alone."""
    if is_remote(location):
        return location
    return os.path.normpath(folder / Path(location).expanduser())
