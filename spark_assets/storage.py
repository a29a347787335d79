"""Files by URI through Arrow: the same calls for a local path and an s3 prefix. No business rule lives here."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pyarrow import fs


@dataclass(frozen=True)
class S3Place:
    """Bucket and key of an s3 address, and what a client of boto3 must be told to go where Arrow goes."""

    bucket: str
    key: str
    client: dict[str, str]


def resolve(uri: str) -> tuple[fs.FileSystem, str]:
    """Return the file system of `uri` and the path within it; a plain path is local and may be relative."""
    if "://" in uri:
        found, path = fs.FileSystem.from_uri(uri)
        return found, path
    return fs.LocalFileSystem(), str(Path(uri).absolute())


def local_path(uri: str) -> Path | None:
    """Return the path of a local file or folder; None for one in an object store."""
    filesystem, path = resolve(uri)
    return Path(path) if isinstance(filesystem, fs.LocalFileSystem) else None


def s3_place(uri: str) -> S3Place | None:
    """Return the place of an s3 address, region, endpoint and keys within it included; None for any other address."""
    filesystem, path = resolve(uri)
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
    filesystem, root = resolve(uri)
    selector = fs.FileSelector(root, recursive=True, allow_not_found=True)
    for info in sorted(filesystem.get_file_info(selector), key=lambda info: info.path):
        if info.type == fs.FileType.File:
            yield os.path.relpath(info.path, root), info


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
    """Read a JSON document."""
    filesystem, path = resolve(uri)
    with filesystem.open_input_stream(path, compression=None) as stream:
        return json.loads(stream.read())


def write_json(uri: str, document: Any) -> None:  # noqa: ANN401 - JSON is any
    """Write a JSON document so that a reader sees the old one, or the new one whole."""
    with replacing(uri) as target:
        filesystem, path = resolve(target)
        filesystem.create_dir(os.path.dirname(path), recursive=True)  # noqa: PTH120 - may be an s3 key
        with filesystem.open_output_stream(path, compression=None) as stream:
            stream.write(json.dumps(document, indent=2, ensure_ascii=False, default=str).encode())


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
