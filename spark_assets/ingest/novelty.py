"""What is new in the files of the inbox: all of a file, what was appended to it, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from spark_assets.ingest.discovery import LogFile
from spark_assets.ingest.ledger import FileEntry, Ledger
from spark_assets.ingest.survey import SurveyedFile


@dataclass(frozen=True)
class NewContent:
    """A file to read from `from_byte` on, where `lines_before` lines have ended."""

    surveyed: SurveyedFile
    from_byte: int = 0
    lines_before: int = 0
    continues: int | None = None
    """Number of the batch that held the file before it was appended to; None if it was not."""


@dataclass(frozen=True)
class Duplicate:
    """A file whose whole content came before under the name `first`."""

    surveyed: SurveyedFile
    first: str
    continues: int | None = None
    """As in `NewContent`."""


@dataclass(frozen=True)
class Novelty:
    """The files of a batch in two heaps, and those that cannot be read."""

    new: tuple[NewContent, ...]
    duplicates: tuple[Duplicate, ...]
    damaged: dict[str, str]
    """Why each unreadable file is so: left in the inbox for a whole copy to replace it."""


def known_sizes(ledger: Ledger, files: Sequence[LogFile]) -> dict[str, int]:
    """Sizes of those plain files that have grown since they were last ingested."""
    latest = ledger.latest_by_name()
    return {
        file.name: latest[file.name]["size"]
        for file in files
        if file.name in latest and not file.compressed and 0 < latest[file.name]["size"] < file.size
    }


def part(ledger: Ledger, surveyed: Sequence[SurveyedFile]) -> Novelty:
    """Tell new content from content that came before.

    A file that was only appended to is read from its last whole line: a line cut short then is read again, whole.
    """
    names = ledger.names_by_hash()
    in_ledger = set(names)
    latest = ledger.latest_by_name()
    batches = ledger.first_batches()
    new: list[NewContent] = []
    duplicates: list[Duplicate] = []
    for item in surveyed:
        if item.damage:
            continue
        first = names.setdefault(item.content_hash, item.file.name)
        before = _appended_to(item, latest.get(item.file.name))
        continues = None if before is None else batches[before["name"], before["content_hash"]]
        came_before = item.content_hash in in_ledger or first != item.file.name
        if came_before and item.file.size > 0:
            duplicates.append(Duplicate(item, first, continues))
        elif before is None:
            new.append(NewContent(item))
        else:
            new.append(NewContent(item, before["whole_lines"], before["line_ends"], continues))
    damaged = {item.file.name: item.damage for item in surveyed if item.damage}
    return Novelty(tuple(new), tuple(duplicates), damaged)


def _appended_to(item: SurveyedFile, before: FileEntry | None) -> FileEntry | None:
    """The newest entry of a file if more was appended since, else None."""
    return before if before is not None and item.prefix_hash == before["content_hash"] else None
