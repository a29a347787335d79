"""Which cut-offs train and which one judges: no label window crosses from one side to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class CutOffSplit:
    """Training cut-offs, and the newest cut-off, held back for the final figures."""

    training: tuple[date, ...]
    evaluation: date | None


def split_cut_offs(cut_offs: Sequence[date], horizon_days: int) -> CutOffSplit:
    """Hold back the newest cut-off; train on those whose labels were all known when it came.

    A cut-off between the two is used by neither: its label window reaches past the evaluation cut-off.
    """
    if not cut_offs:
        return CutOffSplit((), None)
    newest = max(cut_offs)
    known = newest - timedelta(days=horizon_days)
    return CutOffSplit(tuple(sorted(day for day in cut_offs if day <= known)), newest)
