"""How a batch is cut into tasks of about equal work."""

from collections.abc import Iterable, Iterator, Sequence

from spark_assets.ingest.novelty import NewContent
from spark_assets.ingest.reading import Split

LEAST_TASK_BYTES = 4 * 1024 * 1024
LARGEST_TASK_BYTES = 256 * 1024 * 1024
"""A task costs up to a fifth of a second before it begins: little against the second and a half of so much text."""
UNPACKED_FACTOR = 10
"""Bytes of log that a byte of `.gz` or `.bz2` holds, measured on the service's logs (9 to 17)."""

_TASKS_PER_CORE = 4


def splits_of(new: NewContent) -> Iterator[Split]:
    """Splits of what is new in a file, each with the number of its first line from the line ends counted before it."""
    before = 0
    at_line_start = True
    for item in new.surveyed.ranges:
        if item.start < new.from_byte < item.end:
            yield Split(item.file, new.from_byte, item.end, first_line=new.lines_before + 1)
        elif item.start >= new.from_byte:
            yield Split(item.file, item.start, item.end, first_line=before + (1 if at_line_start else 2))
        before += item.line_ends
        at_line_start = item.whole_lines == item.end


def group_into_tasks(splits: Iterable[Split], cores: int) -> list[list[Split]]:
    """Fill tasks in the order of the splits until each holds its share of the work.

    Small files share a task, so that thousands of them make neither thousands of tasks nor of Parquet files.
    """
    ordered: Sequence[Split] = list(splits)
    share = sum(map(_work, ordered)) // max(cores * _TASKS_PER_CORE, 1)
    wanted = min(max(share, LEAST_TASK_BYTES), LARGEST_TASK_BYTES)
    tasks: list[list[Split]] = []
    held = wanted
    for split in ordered:
        if held + _work(split) // 2 >= wanted:
            tasks.append([])
            held = 0
        tasks[-1].append(split)
        held += _work(split)
    return tasks


def _work(split: Split) -> int:
    """Estimated bytes of log text."""
    return (split.end - split.start) * (UNPACKED_FACTOR if split.file.compressed else 1)
