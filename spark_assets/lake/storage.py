"""Files by address through Arrow: the same calls for a local path and an s3 prefix. No business rule lives here.

An address is taken as it is written, as Hadoop and the AWS command line do: no sign is decoded, begins a query, or
makes a pattern. So a file's name can be joined to the address of its folder whatever it holds.
"""

import json
import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pyarrow import NativeFile, fs

from spark_assets.errors import SettingsError
from spark_assets.lake.local_listing import Listing, list_local

_PATTERN_SIGNS = re.compile(r"[\\\[\]{}*?]")


class UnreadableDocumentError(Exception):
    """A JSON document is damaged; the text begins with its URI."""


class MissingFilesError(Exception):
    """A folder lost the files that were written into it, of which Spark tells neither name nor place."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri}: files are missing")
        self.uri = uri


@dataclass(frozen=True)
class S3Place:
    """Bucket and key of an s3 address, and what a client of boto3 must be told to go where Arrow goes."""

    bucket: str
    key: str
    client: dict[str, str]


def resolve(uri: str) -> tuple[fs.FileSystem, str]:
    """Return the file system of `uri` and the path within it; a plain path is local and may be relative."""
    scheme, separator, rest = uri.partition("://")
    if not separator:
        return fs.LocalFileSystem(), str(Path(uri).absolute())
    authority, _, path = rest.partition("/")
    found, root = fs.FileSystem.from_uri(f"{scheme}://{authority}/")
    return found, f"{root.rstrip('/')}/{path.rstrip('/')}" if path.rstrip("/") else root


def spark_pattern(uri: str) -> str:
    """Return the address as Spark must be given it to read, since Hadoop takes what it reads for a pattern.

    Raises:
        SettingsError: Hadoop cannot read this address.
    """
    if not _PATTERN_SIGNS.search(uri):
        return uri
    if ":" in uri.rpartition("://")[2]:
        raise SettingsError(
            f"Spark cannot read {uri}, as the path holds both a colon and one of \\ [ ] {{ }} * ?: rename its folders."
        )
    return _PATTERN_SIGNS.sub(r"\\\g<0>", uri)


def local_path(uri: str) -> Path | None:
    """Return the path of a local file or folder; None for one in an object store."""
    filesystem, path = resolve(uri)
    return Path(path) if isinstance(filesystem, fs.LocalFileSystem) else None


def s3_place(uri: str) -> S3Place | None:
    """Return the place of an s3 address, region, endpoint and keys within it included; None for any other address."""
    filesystem, path = fs.FileSystem.from_uri(uri) if "?" in uri and "://" in uri else resolve(uri)
    if not isinstance(filesystem, fs.S3FileSystem):
        return None
    parts = urlsplit(uri)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    client = {"region_name": filesystem.region}
    if "endpoint_override" in options:
        client["endpoint_url"] = f"{options.get('scheme', 'https')}://{options['endpoint_override']}"
    if parts.username and parts.password:
        client |= {"aws_access_key_id": unquote(parts.username), "aws_secret_access_key": unquote(parts.password)}
    bucket, _, key = path.partition("/")
    return S3Place(bucket, key, client)


def join(uri: str, *parts: str) -> str:
    """Append path parts to a URI."""
    return "/".join([uri.rstrip("/"), *parts])


def exists(uri: str) -> bool:
    """Whether a file or folder stands at `uri`."""
    filesystem, path = resolve(uri)
    return bool(filesystem.get_file_info(path).type != fs.FileType.NotFound)


def list_files(uri: str) -> Iterator[tuple[str, fs.FileInfo]]:
    """Yield `(path relative to uri, info)` of every file below a folder, in order of path; nothing if it is absent."""
    yield from listing(uri).files


def listing(uri: str, is_skipped: Callable[[str], bool] = lambda _: False) -> Listing:
    """List every file below a folder, but those of local folders that `is_skipped`; one that is absent holds none."""
    filesystem, root = resolve(uri)
    if isinstance(filesystem, fs.LocalFileSystem):
        return list_local(root, is_skipped)
    below = f"{root.rstrip('/')}/"
    files: list[tuple[str, fs.FileInfo]] = []
    unreadable: dict[str, str] = {}
    for info in filesystem.get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True)):
        name = info.path.removeprefix(below)
        if info.type != fs.FileType.File:
            continue
        if "" in name.split("/"):
            unreadable[name] = "the key has a slash too many: rename the object"
        else:
            files.append((name, info))
    return Listing(sorted(files, key=lambda found: found[0]), unreadable)


def delete_folder(uri: str) -> None:
    """Delete a folder with all it holds; an absent one is fine."""
    filesystem, path = resolve(uri)
    if filesystem.get_file_info(path).type == fs.FileType.Directory:
        filesystem.delete_dir(path)


def delete_file(uri: str) -> None:
    """Delete one file."""
    filesystem, path = resolve(uri)
    filesystem.delete_file(path)


def read_json(uri: str) -> Any:  # noqa: ANN401 - JSON is any
    """Read a JSON document.

    Raises:
        UnreadableDocumentError: it is empty or damaged.
    """
    filesystem, path = resolve(uri)
    with filesystem.open_input_stream(path, compression=None) as stream:
        try:
            return json.loads(stream.read())
        except ValueError as error:
            raise UnreadableDocumentError(f"{uri}: {error}") from None


def write_json(uri: str, document: Any) -> None:  # noqa: ANN401 - JSON is any
    """Write a JSON document so that a reader sees the old one, or the new one whole."""
    with replacing(uri) as target, open_output(target) as stream:
        stream.write(json.dumps(document, indent=2, ensure_ascii=False, default=str).encode())


def open_output(uri: str) -> NativeFile:
    """Open a file to write, making its folder. On disk both are the owner's alone: they hold names of customers."""
    filesystem, path = resolve(uri)
    folder = path.rpartition("/")[0]
    if isinstance(filesystem, fs.LocalFileSystem):
        make_private(Path(folder))
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    else:
        filesystem.create_dir(folder, recursive=True)
    return filesystem.open_output_stream(path, compression=None)


def make_private(folder: Path) -> None:
    """Make a folder that is its owner's alone, and those above it that are missing."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def replacing(uri: str) -> Iterator[str]:
    """Yield where to write what shall stand at `uri`: a reader sees the old file, or the new one whole.

    A local file is written beside its place, hidden from readers of tables, and renamed; an object store
    makes a put visible whole by itself.
    """
    place = local_path(uri)
    if place is None:
        yield uri
        return
    target = place.with_name(f".{place.name}.{uuid.uuid4().hex}.tmp")
    try:
        yield str(target)
        target.replace(place)
    except BaseException:
        target.unlink(missing_ok=True)  # a full disk has no room for what was begun
        raise
