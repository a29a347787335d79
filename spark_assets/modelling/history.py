"""The scores at the as-of date before the one at hand: what a change is told against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from spark_assets.errors import MissingTableError
from spark_assets.lake.schema import CHURN_SCORES
from spark_assets.lake.tables import table_info


@dataclass(frozen=True)
class Scored:
    """A version of `churn_scores` in the lake: its folder, its as-of date, and the model that scored."""

    folder: str
    as_of: date
    model_version: str

    def as_dict(self) -> dict[str, str]:
        """Plain values."""
        return {"folder": self.folder, "as_of": self.as_of.isoformat(), "model_version": self.model_version}


def scores_before(lake: str, as_of: date) -> Scored | None:
    """The newest explained scores of an earlier as-of date, or None.

    They are the table as it stands when the date moves on, and what it kept when the same date is scored again: a
    second run of a day compares with the day before, too.
    """
    try:
        current = table_info(lake, CHURN_SCORES)
    except MissingTableError:
        return None
    # notes without facts of a model are of no scores, or of scores that nothing was told of
    told = [current] if current.get("model_facts") else []
    kept = [_scored(notes) for notes in (*told, current.get("previous")) if notes]
    return max((found for found in kept if found.as_of < as_of), key=lambda found: found.as_of, default=None)


def _scored(notes: Mapping[str, Any]) -> Scored:
    return Scored(notes["folder"], date.fromisoformat(notes["as_of"]), notes["model_version"])
