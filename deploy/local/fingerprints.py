"""Telling cheaply whether files have changed since the last time."""

import hashlib
from pathlib import Path


def of_sources(root: Path, *sources: str) -> str:
    """Return a digest of names, sizes and times of `sources`: files and folders of the project, or absolute."""
    files = [root / "requirements.txt"]
    for source in sources:
        place = root / source
        files += sorted(filter(_is_source, place.rglob("*"))) if place.is_dir() else [place]
    digest = hashlib.sha256()
    for file in filter(Path.is_file, files):
        status = file.stat()
        digest.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _is_source(path: Path) -> bool:
    # what runs write themselves does not count
    return path.is_file() and "__pycache__" not in path.parts
