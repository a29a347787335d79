"""What lies in the inbox and was not ingested, with the reason: one JSON document beside the ledger.

Each ingest writes it anew. Checks and sensors read it, so that a damaged file is told of until a whole copy takes its
place, and starts no run by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from spark_assets.lake import storage
from spark_assets.lake.ledger import LogFile

DOCUMENT = "left_out.json"


@dataclass(frozen=True)
class DamagedFile:
    """A log file that cannot be read to its end, as it was then, and why."""

    name: str
    size: int
    modified_ns: int
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """Damaged log files and the other names that were passed over, with reasons; files that were still growing."""

    damaged: tuple[DamagedFile, ...] = ()
    passed_over: Mapping[str, str] = field(default_factory=dict)
    unsettled: tuple[str, ...] = ()

    @property
    def reasons(self) -> dict[str, str]:
        """Why each damaged file is so, by name."""
        return {file.name: file.reason for file in self.damaged}

    def without_damaged(self, files: Iterable[LogFile]) -> list[LogFile]:
        """Return those of `files` that are not known as damaged, or have changed since."""
        known = {(file.name, file.size, file.modified_ns) for file in self.damaged}
        return [file for file in files if (file.name, file.size, file.modified_ns) not in known]


def load_left_out(lake: str) -> LeftOut:
    """Read the document of a lake; an absent one says that nothing was left out."""
    uri = storage.join(lake, DOCUMENT)
    if not storage.exists(uri):
        return LeftOut()
    document = storage.read_json(uri)
    damaged = tuple(DamagedFile(**file) for file in document["damaged"])
    return LeftOut(damaged, document["passed_over"], tuple(document.get("unsettled", ())))  # a lake before this version


def save_left_out(lake: str, left_out: LeftOut) -> None:
    """Write the document of a lake, if it says something new."""
    if left_out != load_left_out(lake):
        storage.write_json(storage.join(lake, DOCUMENT), asdict(left_out))
