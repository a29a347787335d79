"""What a backup holds: written last, so that a folder without it is none, and checked before anything is restored."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local.console import LocalError

NAME = "manifest.json"
DUMP = "database.dump"
LAKE = "lake"
FORMAT = 1
_CHUNK = 1 << 20


@dataclass(frozen=True)
class File:
    """One file of a backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A backup in figures; `files` go by their path from its folder, with slashes."""

    made_at: str
    encore: str
    postgres: int
    """Major version of the server."""
    roles: list[str]
    """Roles that own something in the database, or were granted something."""
    snapshot: dict[str, Any] | None
    """`snapshot_id`, `as_of_date` and `published_at` of what readers saw; None before the first publish."""
    rows: dict[str, int]
    """Of each table, partitions for themselves."""
    lake: str | None
    """Address of a lake that is not in the backup, for it lies in an object store; None when it is."""
    files: dict[str, File]
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.bytes for file in self.files.values())

    def __str__(self) -> str:
        shown = f"snapshot {self.snapshot['snapshot_id']}" if self.snapshot else "no snapshot"
        figures = f"{sum(self.rows.values())} rows, {len(self.files)} files, {self.size} bytes"
        return f"of {self.made_at} ({shown}, {figures})"


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest into a backup's folder, and see that it has reached the disk."""
    with (folder / NAME).open("x", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        LocalError: the folder is no backup, or one of another version of Encore.
    """
    path = folder / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        files = {name: File(**file) for name, file in found.pop("files").items()}
        manifest = Manifest(files=files, **found)
    except FileNotFoundError:
        raise LocalError(f"{folder} is no backup, or one that was cut off: it has no {NAME}.") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise LocalError(f"{path} is damaged, or of another version of Encore: take another backup.") from None
    if manifest.format != FORMAT or DUMP not in files:
        raise LocalError(f"{path} is of another version of Encore: restore it with that version.")
    return manifest


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a backup with its manifest.

    Raises:
        LocalError: one is missing, changed, or none of the backup's; the text names it.
    """
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    strange = sorted(found - set(manifest.files) - {NAME})
    if strange:
        raise LocalError(f"The backup {folder} is not as it was made: {strange[0]} was added to it.")
    for name, file in manifest.files.items():
        if name not in found:
            raise LocalError(f"The backup {folder} is damaged: {name} is missing. Take another backup.")
        if digest(folder / name) != file:
            raise LocalError(f"The backup {folder} is damaged: {name} has changed. Take another backup.")


def digest(path: Path) -> File:
    """Return size and checksum of a file."""
    return _summed(_chunks(path))


def copy(source: Path, target: Path) -> File:
    """Copy a file to a place where none is, see that it has reached the disk, and return what was copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:

        def written() -> Iterator[bytes]:
            for chunk in _chunks(source):
                file.write(chunk)
                yield chunk

        copied = _summed(written())
        file.flush()
        os.fsync(file.fileno())
    return copied


def copy_all(source: Path, target: Path, names: list[str]) -> Mapping[str, File]:
    """Copy files by their paths from a folder; returns what was copied by the same paths. The copies are private."""
    mask = os.umask(0o077)
    try:
        target.mkdir(parents=True, exist_ok=True)
        return {name: copy(source / name, target / name) for name in names}
    finally:
        os.umask(mask)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _summed(chunks: Iterator[bytes]) -> File:
    sha256, size = hashlib.sha256(), 0
    for chunk in chunks:
        sha256.update(chunk)
        size += len(chunk)
    return File(size, sha256.hexdigest())
