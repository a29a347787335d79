"""The do-not-load list: `do_not_load.json` in the lake, kept up from the portal's table `erased_customer`.

The lake has a list of its own, so that it still holds when the database is another one, or an older copy of it. It
names nobody: numbers and full names stand there as salted hashes. Hashes are `pending` until the lake is rid of them.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc

from spark_assets.lake import storage
from spark_assets.lake.bad_lines import mentions

DOCUMENT = "do_not_load.json"
_SALT_BYTES = 16


@dataclass(frozen=True)
class DoNotLoad:
    """Salted hashes of customer numbers."""

    salt: str
    hashes: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    """Those among `hashes` that the lake may still hold."""
    names: frozenset[str] = frozenset()
    """Salted hashes of the full names that the customers had in the logs, for bad lines without a number."""

    def __contains__(self, number: object) -> bool:
        """Whether a customer number is on the list."""
        return bool(self.hashes) and isinstance(number, str) and _hash(self.salt, number.strip()) in self.hashes

    def holds(self, numbers: pa.ChunkedArray) -> pa.ChunkedArray | None:
        """Return for each of `numbers` whether it is on the list, or None when none of them is."""
        if not self.hashes:
            return None
        listed = [number for number in pc.unique(numbers).to_pylist() if number in self]
        return pc.is_in(numbers, value_set=pa.array(listed, pa.string())) if listed else None

    def holds_line(self, raw: bytes) -> bool:
        """Whether a bad line is a listed customer's, as far as a line that cannot be read lets one tell.

        A line that names the number of somebody else is theirs. One without any number is a listed customer's if it
        holds their full name or, anywhere, their number.
        """
        if not self.hashes:
            return False
        said = mentions(raw)
        if said.numbers:
            return any(number in self for number in said.numbers)
        return any(_hash(self.salt, name) in self.names for name in said.names) or any(
            word in self for word in said.words
        )


NOBODY = DoNotLoad(salt="")
"""An empty list."""


def load(lake: str) -> DoNotLoad:
    """Return the list of a lake; an absent one is empty.

    All are pending on a list of earlier versions, which took less out of the lake.
    """
    uri = storage.join(lake, DOCUMENT)
    if not storage.exists(uri):
        return DoNotLoad(secrets.token_hex(_SALT_BYTES))
    document = storage.read_json(uri)
    hashes = frozenset(document["hashes"])
    if "names" not in document:
        return DoNotLoad(document["salt"], hashes, pending=hashes)
    return DoNotLoad(document["salt"], hashes, frozenset(document["pending"]), frozenset(document["names"]))


def save(lake: str, listed: DoNotLoad) -> None:
    """Write the list of a lake."""
    document = {name: sorted(getattr(listed, name)) for name in ("hashes", "pending", "names")}
    storage.write_json(storage.join(lake, DOCUMENT), {"salt": listed.salt, **document})


def with_numbers(listed: DoNotLoad, numbers: Iterable[str]) -> DoNotLoad:
    """Return the list with further numbers, which are pending; those on it already stay as they are."""
    fresh = {_hash(listed.salt, number.strip()) for number in numbers} - listed.hashes
    return replace(listed, hashes=listed.hashes | fresh, pending=listed.pending | fresh)


def with_names(listed: DoNotLoad, names: Iterable[str]) -> DoNotLoad:
    """Return the list with further full names, as `full_name` writes them."""
    return replace(listed, names=listed.names | {_hash(listed.salt, name) for name in names if name})


@lru_cache(maxsize=100_000)
def _hash(salt: str, number: str) -> str:
    """Hash a number or name once a process: a task meets the same customers again and again."""
    return sha256(f"{salt}{number}".encode(errors="replace")).hexdigest()
