"""Messages of Spark and Arrow, as they came from real damage, and what they are turned into."""

import errno
from pathlib import Path

import pytest

from spark_assets.errors import DamagedFileError, DiskFullError
from spark_assets.lake import storage
from spark_assets.steps.runner import mendable

READING = "[FAILED_READ_FILE.NO_HINT] Encountered error while reading file file:///data/my%20lake/{}.  SQLSTATE: KD001"
FOOTER = "Caused by: [CANNOT_READ_FILE_FOOTER] Could not read footer for file: file:/data/my%20lake/{}."
IN_A_TASK = "spark_assets.lake.batch_files.UnreadableParquetError: /data/my lake/{}: Parquet magic bytes not found"
LAKE = "/data/my lake"


@pytest.mark.parametrize("said", [READING, FOOTER, IN_A_TASK])
@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("cleaned_events/batch=000012/event_date=2018-12-01/part-0.parquet", "job withdraw_batch with batch 12, then"),
        ("quarantined_events/batch=000003/part-0.parquet", "See that the log files of batch 3 lie in the inbox"),
        ("user_features/version=1/part-0.parquet", "Delete the folder user_features of the lake and materialize"),
        (
            "trained_model/2018-12-01.1/pipeline/stages/part-0.parquet",
            r"folder trained_model/2018-12-01\.1 of the lake",
        ),
        (
            "past_scores/as_of=2018-12-01/version=1/part-0.parquet",
            "materialize the partition 2018-12-01 of past_scores",
        ),
    ],
)
def test_a_damaged_file_is_named_with_the_way_to_make_it_anew(said: str, path: str, advice: str) -> None:
    told = mendable(RuntimeError(f"An error occurred while calling o41.collect.\n{said.format(path)}\n\tat x.y"), LAKE)
    assert isinstance(told, DamagedFileError)
    assert str(told).startswith(f"The file {path} in the lake {LAKE} is damaged or missing. ")
    assert told.args[0].count("\n") == 0
    with pytest.raises(DamagedFileError, match=advice):
        raise told


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        (
            "trained_model/2018-12-01.1/card.json",
            "Delete the folder trained_model/2018-12-01.1 of the lake.",
        ),
        ("trained_model/champion.json", "Launch the job promote_model with the version that shall score"),
        ("churn_scores/_current.json", "Delete the folder churn_scores of the lake and materialize churn_scores anew"),
        ("ledger/000003.json", "Put it back from a backup"),
        ("do_not_load.json", "Delete it: the next run makes the list anew"),
    ],
)
def test_an_emptied_document_is_named_with_its_cure(tmp_path: Path, path: str, advice: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).touch()
    with pytest.raises(storage.UnreadableDocumentError) as broken:
        storage.read_json(str(tmp_path / path))
    told = str(mendable(broken.value, str(tmp_path)))
    assert told.startswith(f"The file {path} in the lake {tmp_path} is damaged or missing. ")
    assert advice in told


def test_a_folder_that_is_gone_names_its_batch() -> None:
    said = (
        "[PATH_NOT_FOUND] Path does not exist: file:/data/my lake/cleaned_events/batch=000012/event_date=2018-12-01. "
    )
    told = str(mendable(RuntimeError(f"{said}SQLSTATE: 42K03"), LAKE))
    assert told.startswith("The file cleaned_events/batch=000012/event_date=2018-12-01 in the lake /data/my lake is")
    assert "withdraw_batch with batch 12" in told


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
