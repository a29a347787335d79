"""Telling cheaply whether files have changed since the last time."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.local.private_files import write_private
from deploy.local.settings import Settings

LOG_SUFFIXES = (".json", ".json.gz")
SERVER_VARIABLES = (
    "DATABASE_URL",
    "PUBLISH_DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "ENCORE_LOGS",
    "ENCORE_LAKE",
    "ENCORE_COMPUTE",
    "JAVA_HOME",
)


def log_files(folder: Path) -> list[Path]:
    """Return the log files of an inbox, its subfolders included."""
    return sorted(path for path in folder.rglob("*") if path.name.endswith(LOG_SUFFIXES) and path.is_file())


def of_files(files: Iterable[Path], *more: str) -> str:
    """Return a digest of the files' names, sizes and times of change, and of further texts."""
    digest = hashlib.sha256()
    for file in files:
        status = file.stat()
        digest.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    for text in more:
        digest.update(f"{text}\n".encode())
    return digest.hexdigest()


def of_inbox(settings: Settings, database_url: str) -> str | None:
    """Return a digest of what would be ingested and where it would go; None when that cannot be listed."""
    if settings.local_logs is None:
        return None
    return of_files(log_files(settings.local_logs), settings.lake, database_url)


def of_server(settings: Settings, environ: Mapping[str, str], *sources: str) -> str:
    """Return a digest of `sources`, files and folders of the project or absolute, and of variables a server reads."""
    files = [settings.root / "requirements.txt"]
    for source in sources:
        place = settings.root / source
        files += sorted(filter(_is_source, place.rglob("*"))) if place.is_dir() else [place]
    existing = [file for file in files if file.is_file()]
    return of_files(existing, *(f"{name}={environ.get(name)}" for name in SERVER_VARIABLES))


def is_recorded(settings: Settings, name: str, fingerprint: str | None) -> bool:
    """Tell whether the last success under this name had the same fingerprint."""
    file = _file(settings, name)
    return fingerprint is not None and file.exists() and file.read_text(encoding="utf-8") == fingerprint


def record(settings: Settings, name: str, fingerprint: str | None) -> None:
    """Note a success."""
    if fingerprint is not None:
        write_private(_file(settings, name), fingerprint)


def forget(settings: Settings, name: str) -> None:
    """Take back the note of a success: what it was about is there no more."""
    _file(settings, name).unlink(missing_ok=True)


def _file(settings: Settings, name: str) -> Path:
    return settings.home / "run" / f"{name}.fingerprint"


def _is_source(path: Path) -> bool:
    # what runs write themselves does not count
    return path.is_file() and "__pycache__" not in path.parts
