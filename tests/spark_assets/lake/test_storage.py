import json
from datetime import date
from pathlib import Path

import pytest

from spark_assets.errors import SettingsError
from spark_assets.lake import storage
from spark_assets.lake.storage import S3Place


def test_uris_are_joined_with_one_slash() -> None:
    assert storage.join("/a/", "b", "c.json") == "/a/b/c.json"
    assert storage.join("s3://bucket/prefix", "b") == "s3://bucket/prefix/b"


def test_a_relative_path_is_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert storage.resolve("a/b")[1] == str(tmp_path / "a" / "b")
    assert storage.resolve((tmp_path / "a").as_uri())[1] == str(tmp_path / "a")


def test_files_below_a_folder_in_order_of_path(tmp_path: Path) -> None:
    for name in ("b.json", "a/é 1.json", "a/b/c.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"xy")
    found = list(storage.list_files(str(tmp_path)))
    assert [name for name, _ in found] == ["a/b/c.json", "a/é 1.json", "b.json"]
    assert {info.size for _, info in found} == {2}
    assert list(storage.list_files(str(tmp_path / "absent"))) == []


def test_a_document_is_read_as_it_was_written(tmp_path: Path) -> None:
    uri = str(tmp_path / "new folder" / "день.json.gz")  # a suffix must not make it packed
    document = {"text": "Zoë", "list": [1, None, 2.5]}
    storage.write_json(uri, document)
    assert storage.read_json(uri) == document
    storage.write_json(uri, {"day": date(2018, 12, 1)})
    assert json.loads(Path(uri).read_text()) == {"day": "2018-12-01"}
    assert [path.name for path in Path(uri).parent.iterdir()] == ["день.json.gz"]


def test_a_write_that_fails_leaves_the_old_document(tmp_path: Path) -> None:
    uri = str(tmp_path / "a.json")
    storage.write_json(uri, 1)
    with pytest.raises(ValueError, match="Circular"):
        storage.write_json(uri, (endless := []).append(endless) or endless)
    assert storage.read_json(uri) == 1


def test_deleting(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_text("")
    storage.delete_file(str(tmp_path / "a" / "b"))
    assert not storage.exists(str(tmp_path / "a" / "b"))
    storage.delete_folder(str(tmp_path / "a"))
    storage.delete_folder(str(tmp_path / "a"))
    assert not storage.exists(str(tmp_path / "a"))


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("s3://lake?region=eu-west-1", S3Place("lake", "", {"region_name": "eu-west-1"})),
        ("s3://lake/a/b/?region=eu-west-1", S3Place("lake", "a/b", {"region_name": "eu-west-1"})),
        (
            "s3://id:s%2Fcret@lake/a?region=us-east-1&scheme=http&endpoint_override=127.0.0.1:9000",
            S3Place(
                *("lake", "a"),
                {
                    "region_name": "us-east-1",
                    "endpoint_url": "http://127.0.0.1:9000",
                    "aws_access_key_id": "id",
                    "aws_secret_access_key": "s/cret",
                },
            ),
        ),
        (
            "s3://lake/a?region=us-east-1&endpoint_override=minio.example",
            S3Place("lake", "a", {"region_name": "us-east-1", "endpoint_url": "https://minio.example"}),
        ),
        ("/lake", None),
    ],
)
def test_the_place_of_an_s3_address(uri: str, place: S3Place | None) -> None:
    assert storage.s3_place(uri) == place


@pytest.mark.parametrize("name", ["a%20b", "a b", "hash#1", "q?x=1", "[a]", "{a,b}", "*", "a:b", "a\\b", "é"])
def test_names_are_addresses_as_they_are(tmp_path: Path, name: str) -> None:
    for base in (str(tmp_path), tmp_path.as_uri()):
        assert storage.resolve(storage.join(base, name))[1] == str(tmp_path / name)
    (tmp_path / name).write_text(name)
    assert [found for found, _ in storage.list_files(str(tmp_path))] == [name]


def test_spark_reads_no_pattern() -> None:
    assert storage.spark_pattern("s3://lake/a b%20") == "s3://lake/a b%20"
    assert storage.spark_pattern("/[a]/{b}*?\\") == "/\\[a\\]/\\{b\\}\\*\\?\\\\"
    with pytest.raises(SettingsError, match=r"Spark cannot read /a:\[b\], as the path holds both a colon"):
        storage.spark_pattern("/a:[b]")
