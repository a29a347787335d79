"""Model versions in the lake: pipelines and card side by side, the pointer to the champion, and the last attempt."""

import re
from datetime import date
from typing import Any

from pyspark.ml import PipelineModel

from spark_assets.errors import EncoreError
from spark_assets.lake import storage

TRAINED_MODEL = "trained_model"
_CARD = "card.json"
CHAMPION = "champion.json"
_LAST_ATTEMPT = "last_attempt.json"
_SCORING, _JUDGED = "pipeline", "judged"
_EMPTIED = ("UNABLE_TO_INFER_SCHEMA", "empty collection")
"""What Spark says of a folder of Parquet without a file, and of metadata without a line."""
_VERSION = re.compile(r"\d{4}-\d\d-\d\d\.\d+")


class UnknownVersionError(EncoreError):
    """No saved version has this name."""


def new_version(lake: str, as_of: date) -> str:
    """Name of the next version: the as-of date and a number, as `2018-12-02.1`.

    A version that was deleted does not give its name away: scores that it made still carry it.
    """
    prefix = f"{as_of.isoformat()}."
    names = [*versions(lake), _pointed(lake), last_attempt(lake).get("version")]
    taken = [int(name.removeprefix(prefix)) for name in names if name and name.startswith(prefix)]
    return f"{prefix}{max(taken, default=0) + 1}"


def versions(lake: str) -> list[str]:
    """Names of all saved versions, the oldest first. A folder without a card is none: its writing was cut off."""
    base = storage.join(lake, TRAINED_MODEL)
    saved = [name for name in _folders(lake) if storage.exists(storage.join(base, name, _CARD))]
    return sorted(saved, key=lambda name: (name.rpartition(".")[0], int(name.rpartition(".")[2])))


def save(lake: str, version: str, model: PipelineModel, judged: PipelineModel, card: dict[str, Any]) -> None:
    """Save a version: what scores, and what its figures were taken of. The card is written last.

    What trainings left that were killed while they wrote goes first: no version, but perhaps one of this name.
    """
    base = storage.join(lake, TRAINED_MODEL)
    for remains in {name for name in _folders(lake) if _VERSION.fullmatch(name)} - set(versions(lake)):
        storage.delete_folder(storage.join(base, remains))
    folder = storage.join(base, version)
    # overwritten, since a training killed early enough leaves folders without a file, which are not found above
    model.write().overwrite().save(storage.join(folder, _SCORING))
    judged.write().overwrite().save(storage.join(folder, _JUDGED))
    storage.write_json(storage.join(folder, _CARD), card)


def make_champion(lake: str, version: str) -> None:
    """Move the pointer to a saved version, at once.

    Raises:
        UnknownVersionError: there is no such version; the text names those that are there.
    """
    _require(lake, version)
    storage.write_json(storage.join(lake, TRAINED_MODEL, CHAMPION), {"version": version})


def champion(lake: str) -> str | None:
    """Version of the champion; None before the first model, and when the champion's folder was deleted."""
    version = _pointed(lake)
    return version if version and is_saved(lake, version) else None


def deleted_champion(lake: str) -> str | None:
    """Version that was the champion until its folder was deleted, or None."""
    version = _pointed(lake)
    return version if version and not is_saved(lake, version) else None


def is_saved(lake: str, version: str) -> bool:
    """Whether a version is there to be loaded."""
    return storage.exists(storage.join(lake, TRAINED_MODEL, version, _CARD))


def load_model(lake: str, version: str) -> PipelineModel:
    """The fitted pipeline that scores.

    Raises:
        UnknownVersionError: there is no such version; the text names those that are there.
    """
    _require(lake, version)
    return _load(model_uri(lake, version))


def model_uri(lake: str, version: str) -> str:
    """Where the pipeline that scores is saved."""
    return storage.join(lake, TRAINED_MODEL, version, _SCORING)


def load_judged(lake: str, version: str) -> PipelineModel:
    """The pipeline that the card's figures speak of: the same recipe, fitted without its judging window.

    Raises:
        UnknownVersionError: there is no such version; the text names those that are there.
    """
    _require(lake, version)
    return _load(storage.join(lake, TRAINED_MODEL, version, _JUDGED))


def load_card(lake: str, version: str) -> dict[str, Any]:
    """The card of a version.

    Raises:
        UnknownVersionError: there is no such version; the text names those that are there.
    """
    _require(lake, version)
    card: dict[str, Any] = storage.read_json(storage.join(lake, TRAINED_MODEL, version, _CARD))
    return card


def note_attempt(lake: str, attempt: dict[str, Any]) -> None:
    """Keep what the last training came to: `reason` (None when its model became the champion), `as_of`, and more."""
    storage.write_json(storage.join(lake, TRAINED_MODEL, _LAST_ATTEMPT), attempt)


def last_attempt(lake: str) -> dict[str, Any]:
    """What `note_attempt` kept; empty before the first training."""
    attempt = storage.join(lake, TRAINED_MODEL, _LAST_ATTEMPT)
    found: dict[str, Any] = storage.read_json(attempt) if storage.exists(attempt) else {}
    return found


def _load(uri: str) -> PipelineModel:
    """Load a pipeline; of a folder that lost all its files, Spark says neither which nor where."""
    try:
        return PipelineModel.load(storage.spark_pattern(uri))
    except Exception as error:
        if any(said in str(error) for said in _EMPTIED):
            raise storage.MissingFilesError(uri) from error
        raise


def _pointed(lake: str) -> str | None:
    pointer = storage.join(lake, TRAINED_MODEL, CHAMPION)
    return str(storage.read_json(pointer)["version"]) if storage.exists(pointer) else None


def _require(lake: str, version: str) -> None:
    known = versions(lake)
    if version not in known:
        there = f"one of {', '.join(known)}" if known else "none has been saved yet: materialize trained_model"
        raise UnknownVersionError(f"There is no model version {version!r}: {there}.")


def _folders(lake: str) -> set[str]:
    files = storage.list_files(storage.join(lake, TRAINED_MODEL))
    return {name.split("/", 1)[0] for name, _ in files if "/" in name}
