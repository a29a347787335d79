"""Model versions in the lake: pipeline and card side by side, and the pointer to the champion."""

from datetime import date
from typing import Any

from pyspark.ml import PipelineModel

from spark_assets import storage

TRAINED_MODEL = "trained_model"
_CARD = "card.json"
_CHAMPION = "champion.json"
_LAST_ATTEMPT = "last_attempt.json"


def new_version(lake: str, as_of: date) -> str:
    """Name of the next version: the as-of date and a number, as `2018-12-02.1`."""
    prefix = f"{as_of.isoformat()}."
    folders = {name.split("/", 1)[0] for name, _ in storage.list_files(storage.join(lake, TRAINED_MODEL))}
    taken = [int(name.removeprefix(prefix)) for name in folders if name.startswith(prefix)]
    return f"{prefix}{max(taken, default=0) + 1}"


def save(lake: str, version: str, model: PipelineModel, card: dict[str, Any]) -> None:
    """Save a version. The card is written last: a folder without one is no version."""
    model.write().save(storage.join(lake, TRAINED_MODEL, version, "pipeline"))
    storage.write_json(storage.join(lake, TRAINED_MODEL, version, _CARD), card)


def make_champion(lake: str, version: str) -> None:
    """Move the pointer to a saved version, at once."""
    load_card(lake, version)
    storage.write_json(storage.join(lake, TRAINED_MODEL, _CHAMPION), {"version": version})


def champion(lake: str) -> str | None:
    """Version of the champion, or None before the first model."""
    pointer = storage.join(lake, TRAINED_MODEL, _CHAMPION)
    return str(storage.read_json(pointer)["version"]) if storage.exists(pointer) else None


def load_model(lake: str, version: str) -> PipelineModel:
    """The fitted pipeline of a version."""
    return PipelineModel.load(storage.join(lake, TRAINED_MODEL, version, "pipeline"))


def load_card(lake: str, version: str) -> dict[str, Any]:
    """The card of a version."""
    card: dict[str, Any] = storage.read_json(storage.join(lake, TRAINED_MODEL, version, _CARD))
    return card


def note_attempt(lake: str, reason: str | None) -> None:
    """Keep why the last training gave no model; None when it gave one."""
    storage.write_json(storage.join(lake, TRAINED_MODEL, _LAST_ATTEMPT), {"reason": reason})


def last_reason(lake: str) -> str | None:
    """Why the last training gave no model; None when it gave one, or there was none."""
    attempt = storage.join(lake, TRAINED_MODEL, _LAST_ATTEMPT)
    return storage.read_json(attempt)["reason"] if storage.exists(attempt) else None
