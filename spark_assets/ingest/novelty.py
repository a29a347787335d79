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


@dataclass(frozen=True)
class Duplicate:
    """A file whose whole content came before under the name `first`."""

    surveyed: SurveyedFile
    first: str


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
    new: list[NewContent] = []
    duplicates: list[Duplicate] = []
    for item in surveyed:
        if item.damage:
            continue
        first = names.setdefault(item.content_hash, item.file.name)
        came_before = item.content_hash in in_ledger or first != item.file.name
        if came_before and item.file.size > 0:
            duplicates.append(Duplicate(item, first))
        else:
            new.append(_new_content(item, latest.get(item.file.name)))
    damaged = {item.file.name: item.damage for item in surveyed if item.damage}
    return Novelty(tuple(new), tuple(duplicates), damaged)


def _new_content(item: SurveyedFile, before: FileEntry | None) -> NewContent:
    if before is None or item.prefix_hash != before["content_hash"]:
        return NewContent(item)
    return NewContent(item, before["whole_lines"], before["line_ends"])
