import dataclasses
import json
from hashlib import sha256
from pathlib import Path

import pytest

from deploy.local.backup import manifest
from deploy.local.backup.manifest import DUMP, NAME, File, Manifest
from deploy.local.console import LocalError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A backup with a dump and a file of a lake."""
    folder = tmp_path / "monday"
    (folder / "lake/scores").mkdir(parents=True)
    (folder / DUMP).write_bytes(b"dump" * 1000)
    (folder / "lake/scores/part 1.parquet").write_bytes(b"PAR1")
    names = (DUMP, "lake/scores/part 1.parquet")
    manifest.write(folder, made(files={name: manifest.digest(folder / name) for name in names}))
    return folder


def made(**changes: object) -> Manifest:
    snapshot = {"snapshot_id": 3, "as_of_date": "2018-12-01", "published_at": "2018-12-02 04:00:00+00"}
    facts = {"roles": ["encore"], "snapshot": snapshot, "rows": {"public.a": 7}, "lake": None, "files": {}}
    return Manifest(made_at="2018-12-02T04:10:00+00:00", encore="0.1.0", postgres=18, **(facts | changes))


def test_what_was_written_is_read_and_found_whole(folder: Path) -> None:
    found = manifest.read(folder)
    assert found.files["lake/scores/part 1.parquet"] == File(4, sha256(b"PAR1").hexdigest())
    assert found == made(files=found.files)
    assert str(found) == "of 2018-12-02T04:10:00+00:00 (snapshot 3, 7 rows, 2 files, 4004 bytes)"
    manifest.verify(folder, found)


@pytest.mark.parametrize("name", [DUMP, "lake/scores/part 1.parquet"])
def test_a_changed_file_is_named(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(LocalError, match=f"damaged: {name} has changed"):
        manifest.verify(folder, manifest.read(folder))


def test_a_missing_and_an_added_file_are_named(folder: Path) -> None:
    added = folder / "lake/scores/part 2.parquet"
    added.touch()
    with pytest.raises(LocalError, match=r"lake/scores/part 2\.parquet was added"):
        manifest.verify(folder, manifest.read(folder))
    added.unlink()
    (folder / "lake/scores/part 1.parquet").unlink()
    with pytest.raises(LocalError, match=r"lake/scores/part 1\.parquet is missing"):
        manifest.verify(folder, manifest.read(folder))


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="no backup, or one that was cut off"):
        manifest.read(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": []}', '{"files": {"a": {"bytes": 1}}}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(LocalError, match=r"manifest\.json is damaged"):
        manifest.read(tmp_path)


def test_one_of_another_form_is_left_to_its_version(folder: Path) -> None:
    document = dataclasses.asdict(manifest.read(folder)) | {"format": 2}
    (folder / NAME).write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(LocalError, match="restore it with that version"):
        manifest.read(folder)


def test_a_copy_is_what_was_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"0123456789" * 300_000)  # more than is read at once
    copied = manifest.copy(source, tmp_path / "deep/er/target")
    assert (tmp_path / "deep/er/target").read_bytes() == source.read_bytes()
    assert copied == manifest.digest(source)
    assert copied.bytes == 3_000_000
    with pytest.raises(FileExistsError):
        manifest.copy(source, tmp_path / "deep/er/target")
