"""Whatever a log file is called, its own lines are read; a name that cannot be read is named and stops no other."""

import os
import string
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from pyspark.sql import SparkSession

from spark_assets.ingest.batch import IngestResult, ingest
from spark_assets.lake.tables import read_events
from tests.aws import bucket, moto_server
from tests.spark_assets.ingest.samples import NOON, NOW, line, text

SIGNS = [sign for sign in string.printable if not sign.isalnum() and sign not in "/_"]
NAMES = [
    *(f"a{sign}b.json" for sign in SIGNS),
    f"{''.join(SIGNS).lstrip('!')}.json",
    *("a%20b.json", "a%2Fb.json", "zoë.json", "zoe\u0308.json", "日本 😀.json", "x/[a]/{b,c}/*.json", "s3:/x.json"),
]


def _song(name: str) -> str:
    """Return a name as a song: control characters, which a song must not hold, are escaped."""
    return "".join(sign if sign.isprintable() else ascii(sign) for sign in name)


def _content(name: str) -> bytes:
    return text([line(song=_song(name), ts=NOON + NAMES.index(name))])


def _ingest(spark: SparkSession, inbox: str, lake: Path) -> IngestResult:
    return ingest(spark, inbox, str(lake), lambda: NOW)


def _songs(spark: SparkSession, lake: Path) -> list[str]:
    return sorted(row["song"] for row in read_events(spark, str(lake)).select("song").collect())


@pytest.mark.parametrize("folder", ["inbox", "[in]{b}*?o%20x"])
def test_files_on_disk(spark: SparkSession, tmp_path: Path, folder: str) -> None:
    inbox = tmp_path / folder
    for name in NAMES:
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(_content(name))
    Path(os.fsdecode(os.fsencode(inbox) + b"/caf\xe9.json")).write_bytes(_content(NAMES[0]))
    result = _ingest(spark, str(inbox), tmp_path / "lake")
    assert _songs(spark, tmp_path / "lake") == sorted(map(_song, NAMES))
    assert result.damaged == {"caf\\xe9.json": "the name is not UTF-8: rename the file"}
    assert _ingest(spark, str(inbox), tmp_path / "lake").batch is None


@pytest.fixture
def objects(spark: SparkSession) -> Iterator[None]:
    """A bucket `real`, also for Spark's Python workers."""
    with moto_server() as variables, bucket("real", variables):
        spark.sparkContext.environment.update(variables)
        yield
        for name in variables:
            del spark.sparkContext.environment[name]


@pytest.mark.usefixtures("objects")
@pytest.mark.parametrize("prefix", ["in/2018", "[in] 50%/a%20b#c"])
def test_objects_of_s3(spark: SparkSession, tmp_path: Path, prefix: str) -> None:
    s3 = boto3.client("s3")
    names = [name for name in NAMES if name.isprintable()]  # XML, in which S3 lists, has no control signs
    for name in names:
        s3.put_object(Bucket="real", Key=f"{prefix}/{name}", Body=_content(name))
    s3.put_object(Bucket="real", Key=f"{prefix}/late//x.json", Body=_content(names[0]))
    result = _ingest(spark, f"s3://real/{prefix}", tmp_path / "lake")
    assert _songs(spark, tmp_path / "lake") == sorted(map(_song, names))
    assert result.damaged == {"late//x.json": "the key has a slash too many: rename the object"}
