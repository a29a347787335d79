"""Messages of Spark and Arrow, as they came from real damage, and what they are turned into."""

import errno

import pytest

from spark_assets.errors import DamagedFileError, DiskFullError
from spark_assets.mending import mendable

READING = "[FAILED_READ_FILE.NO_HINT] Encountered error while reading file file:///data/my%20lake/{}.  SQLSTATE: KD001"
FOOTER = "Caused by: [CANNOT_READ_FILE_FOOTER] Could not read footer for file: file:/data/my%20lake/{}."
IN_A_TASK = "spark_assets.ingest.files.UnreadableParquetError: /data/my lake/{}: Parquet magic bytes not found"
LAKE = "/data/my lake"


@pytest.mark.parametrize("said", [READING, FOOTER, IN_A_TASK])
@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("cleaned_events/batch=000012/event_date=2018-12-01/part-0.parquet", "job withdraw_batch with batch 12, then"),
        ("quarantined_events/batch=000003/part-0.parquet", "See that the log files of batch 3 lie in the inbox"),
        ("user_features/version=1/part-0.parquet", "Delete the folder user_features of the lake and materialize"),
        ("trained_model/2018-12-01.1/pipeline/stages/part-0.parquet", r"another version the champion \(job promote"),
    ],
)
def test_a_damaged_file_is_named_with_the_way_to_make_it_anew(said: str, path: str, advice: str) -> None:
    told = mendable(RuntimeError(f"An error occurred while calling o41.collect.\n{said.format(path)}\n\tat x.y"), LAKE)
    assert isinstance(told, DamagedFileError)
    assert str(told).startswith(f"The file {path} in the lake {LAKE} is damaged or missing. ")
    assert told.args[0].count("\n") == 0
    with pytest.raises(DamagedFileError, match=advice):
        raise told


def test_a_file_of_an_object_store_is_named_alike() -> None:
    said = "Encountered error while reading file s3a://bucket/lake/user_features/version=1/part-0.parquet. "
    assert str(mendable(RuntimeError(said), "s3://bucket/lake")).startswith("The file user_features/version=1/part-0")


def test_a_full_disk_is_named_with_its_room() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("job aborted") from error
    except RuntimeError as error:
        told = mendable(error, "/")
    assert isinstance(told, DiskFullError)
    assert "MB are free. Make room, then run again" in str(told)


def test_nothing_else_is_explained_away() -> None:
    assert mendable(ValueError("a mistake in the code"), LAKE) is None
