"""Files below a local folder, found without opening one: no pipe blocks the search, no loop of links prolongs it."""

import errno
import os
import stat
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pyarrow import fs


@dataclass(frozen=True)
class Listing:
    """The files below a folder as (path relative to it, info), in order of path."""

    files: list[tuple[str, fs.FileInfo]]
    unreadable: dict[str, str]
    """What lies there and cannot be read as a file: paths as far as they can be shown, and why."""


@dataclass(frozen=True)
class _Folder:
    name: str
    """Relative to the listed folder."""
    real: str
    """Without links."""


def list_local(root: str, is_skipped: Callable[[str], bool] = lambda _: False) -> Listing:
    """List every file below `root`, but those of folders whose path below it `is_skipped`; an absent root holds none.

    A link leads to its file or folder, but each folder is listed once, and by its own name rather than by a link.

    Raises:
        OSError: `root` itself cannot be read.
    """
    files: list[tuple[str, fs.FileInfo]] = []
    unreadable: dict[str, str] = {}
    folders = deque([_Folder("", os.path.realpath(root))])
    listed: set[str] = set()
    while folders:
        folder = folders.popleft()
        if folder.real in listed:
            unreadable[_shown(folder.name)] = "it leads to a folder that is read already: remove the link"
            continue
        listed.add(folder.real)
        for entry in _entries(folder, unreadable):
            name = f"{folder.name}/{entry.name}".lstrip("/")
            found = _stat(entry, name, unreadable)
            if found is None or (stat.S_ISDIR(found.st_mode) and is_skipped(name)):
                continue
            if stat.S_ISDIR(found.st_mode):
                _add_folder(folders, entry, name)
            elif not stat.S_ISREG(found.st_mode):
                unreadable[_shown(name)] = "it is a pipe, a socket or a device, and no file"
            elif not _is_utf8(name):
                unreadable[_shown(name)] = "the name is not UTF-8: rename the file"
            else:
                kind = fs.FileType.File
                files.append((name, fs.FileInfo(name, kind, mtime_ns=found.st_mtime_ns, size=found.st_size)))
    return Listing(sorted(files, key=lambda each: each[0]), unreadable)


def _add_folder(folders: deque[_Folder], entry: os.DirEntry[str], name: str) -> None:
    """Queue a folder before the links, so that its files keep its own name."""
    if entry.is_symlink():
        folders.append(_Folder(name, os.path.realpath(entry.path)))
    else:
        folders.appendleft(_Folder(name, entry.path))


def _stat(entry: os.DirEntry[str], name: str, unreadable: dict[str, str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError as error:
        if entry.is_symlink() or not isinstance(error, FileNotFoundError):  # else deleted meanwhile
            unreadable[_shown(name)] = _reason(error)
        return None


def _entries(folder: _Folder, unreadable: dict[str, str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder.real) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:  # deleted meanwhile, or absent from the first
        return []
    except OSError as error:
        if not folder.name:
            raise
        unreadable[_shown(folder.name)] = _reason(error)
        return []


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is a link to nothing"
    if error.errno == errno.ELOOP:
        return "it is a link that leads in a circle"
    return "it may not be read" if isinstance(error, PermissionError) else str(error.strerror)


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
