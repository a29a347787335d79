from hypothesis import given
from hypothesis import strategies as st

from spark_assets.ingest.batch import (
    LARGEST_TASK_BYTES,
    LEAST_TASK_BYTES,
    UNPACKED_FACTOR,
    group_into_tasks,
    splits_of,
)
from spark_assets.ingest.reading import Split
from spark_assets.ingest.survey import NewContent, SurveyedFile, SurveyedRange
from spark_assets.lake.ledger import LogFile

MEGABYTE = 1024 * 1024


def split(size: int, name: str = "a.json") -> Split:
    return Split(LogFile(name, size, 0), 0, size, 1)


def test_first_lines_count_the_line_ends_before() -> None:
    file = LogFile("a.json", 40, 0)
    ranges = (
        SurveyedRange(file, 0, 10, line_ends=2, whole_lines=8),  # the third line crosses into the next range
        SurveyedRange(file, 10, 20, line_ends=1, whole_lines=20),  # and ends with it
        SurveyedRange(file, 20, 30, line_ends=0, whole_lines=0),  # all of it within the fourth line
        SurveyedRange(file, 30, 40, line_ends=1, whole_lines=40),
    )
    surveyed = SurveyedFile(file, "", ranges)
    found = [(item.start, item.end, item.first_line) for item in splits_of(NewContent(surveyed))]
    assert found == [(0, 10, 1), (10, 20, 4), (20, 30, 4), (30, 40, 5)]


def test_of_a_file_that_grew_only_the_new_bytes_are_split() -> None:
    file = LogFile("a.json", 30, 0)
    ranges = (
        SurveyedRange(file, 0, 10, line_ends=2, whole_lines=10),
        SurveyedRange(file, 10, 20, line_ends=2, whole_lines=20),
        SurveyedRange(file, 20, 30, line_ends=1, whole_lines=30),
    )
    surveyed = SurveyedFile(file, "", ranges)
    for from_byte, lines, expected in (
        (14, 3, [(14, 20, 4), (20, 30, 5)]),
        (20, 4, [(20, 30, 5)]),
        (30, 5, []),
    ):
        splits = splits_of(NewContent(surveyed, from_byte, lines))
        assert [(item.start, item.end, item.first_line) for item in splits] == expected


def test_thousands_of_small_files_share_tasks() -> None:
    tasks = group_into_tasks([split(10_000) for _ in range(5_000)], cores=2)
    assert len(tasks) <= 2 * 5
    assert all(sum(item.end for item in task) >= LEAST_TASK_BYTES // 2 for task in tasks)


def test_a_large_file_keeps_every_core_busy() -> None:
    assert len(group_into_tasks([split(64 * MEGABYTE) for _ in range(200)], cores=8)) == 50


def test_packed_bytes_weigh_as_much_as_they_unpack_to() -> None:
    packed = LARGEST_TASK_BYTES // UNPACKED_FACTOR
    assert len(group_into_tasks([split(packed, "a.json.gz") for _ in range(40)], cores=2)) == 40


def test_nothing_makes_no_task() -> None:
    assert group_into_tasks([], cores=2) == []


@given(st.lists(st.integers(1, 200 * MEGABYTE), max_size=50), st.integers(1, 64))
def test_every_split_lands_in_one_task_in_order(sizes: list[int], cores: int) -> None:
    splits = [split(size) for size in sizes]
    tasks = group_into_tasks(splits, cores)
    assert [item for task in tasks for item in task] == splits
    assert all(tasks)
