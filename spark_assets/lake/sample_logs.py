"""Sample logs: files of the simulator, whose listeners are made up. They never share a lake with other logs.

Each carries the mark in its name, so that a copy keeps it, the ledger holds it, and nobody must open a file to see it.
"""

from collections.abc import Iterable, Sequence

from spark_assets.errors import MixedLogsError
from spark_assets.lake.ledger import Ledger

SAMPLE_MARK = "encore-sample-"

_MAX_NAMED = 5


def is_sample(name: str) -> bool:
    """Whether a file, given by its path, is one of the simulator's."""
    return SAMPLE_MARK in name.rpartition("/")[2]


def refuse_mixing(ledger: Ledger, new: Iterable[str], inbox: str, lake: str) -> None:
    """Stop made-up listeners and those of real logs from meeting in one lake.

    Args:
        ledger: Batches of the lake.
        new: Names of the files in the inbox that no batch holds.
        inbox: Address of the inbox, for the message.
        lake: Address of the lake, for the message.

    Raises:
        MixedLogsError: `new` holds both kinds, or another kind than the lake.
    """
    names = sorted(new)
    samples, others = [name for name in names if is_sample(name)], [name for name in names if not is_sample(name)]
    held = {is_sample(name) for name in ledger.latest_by_name()}
    if others and True in held:
        raise MixedLogsError(
            f"The lake {lake} holds the made-up listeners of sample logs and takes no other logs: nothing was "
            f"ingested, and {named(others)} stay in {inbox}. Move them to a folder of their own, and either name it "
            "together with another ENCORE_HOME (ENCORE_HOME=/srv/encore ENCORE_LOGS=/data/logs make up), or delete "
            "the sample first, with the inbox of this ENCORE_HOME: make clean CONFIRM=yes"
        )
    if samples and False in held:
        raise MixedLogsError(
            f"The lake {lake} holds other logs than samples and takes no made-up listeners: nothing was ingested, and "
            f"{named(samples)} stay in {inbox}. Move them out of it or delete them; to look at samples, name another "
            "ENCORE_HOME."
        )
    if samples and others:
        raise MixedLogsError(
            f"Sample logs, whose listeners are made up, and other logs never share a lake: nothing was ingested. "
            f"{inbox} holds the samples {named(samples)}, and beside them {named(others)}. Move one kind out of it."
        )


def named(names: Sequence[str]) -> str:
    """Return the first few names, and how many more there are."""
    more = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {more:,} more" if more > 0 else "")
