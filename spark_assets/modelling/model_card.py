"""The card of a version: all that a person needs in order to trust it, or not, as JSON."""

import hashlib
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Any

from spark_assets import estimators
from spark_assets.modelling.splits import BY_LISTENER, Plan
from spark_assets.modelling.training import Recipe, Trained

_LEFT_OUT = {"__pycache__", "simulation"}
_PACKAGES = ("pyspark", "numpy", "pandas", "pyarrow")

_NOTES = {
    "published_model": "The chosen candidate fitted on all labelled examples, the judging window among them, with the "
    "calibration of the judged model. The figures are those of the judged model, which had not seen that window.",
    "calibration": "Platt's, fitted on the fitting side, each listener scored by a model of other listeners alone; "
    "then moved to the level of its newest cut-offs.",
    "of_a_hundred": "Newest cut-offs of the fitting side, by models that had not seen them, and judging window "
    "together; the calibration's two numbers had seen the former. Intervals count examples whose label windows overlap "
    "once.",
}
_BY_LISTENER_NOTE = (
    "The logs are too short to judge forward in time: two fifths of the listeners judge, on the newest cut-off, and "
    "the others fit. Both sides share the same days, so that what those days had in common is in both."
)


def card(trained: Trained, recipe: Recipe) -> dict[str, Any]:
    """Everything about a training but its place: version, run and dates of the logs are the caller's."""
    return {
        "made_at": datetime.now(UTC).isoformat(),
        "code": code_digest(),
        "packages": packages(),
        "recipe": vars(recipe),
        "seed": recipe.seed,
        "horizon_days": recipe.horizon_days,
        "estimator": trained.chosen.name,
        "settings": trained.chosen.settings,
        **_sides(trained.plan),
        "training": trained.training,
        "fitting": trained.fitting,
        "level": trained.level,
        "metrics": trained.figures.metrics or None,
        "baselines": trained.baselines,
        "reliability": trained.figures.reliability,
        "of_a_hundred": trained.figures.of_a_hundred,
        "confusion": trained.figures.confusion,
        "search": trained.candidates,
        "search_seconds": round(trained.search_seconds, 2),
        "search_fits": len(trained.candidates) * len(trained.plan.folds),
        "features": trained.features,
        "portrait": trained.portrait,
        "single_aucs": trained.single_aucs,
        "notes": [*_NOTES.values(), *([_BY_LISTENER_NOTE] if trained.plan.judging == BY_LISTENER else [])],
    }


def _sides(plan: Plan) -> dict[str, Any]:
    return {
        "judging": plan.judging,
        "searching": plan.searching,
        "training_cut_offs": [str(day) for day in plan.fit.cut_offs],
        "evaluation_cut_off": str(plan.judge.cut_offs[0]),
        "folds": [
            {"name": fold.name, "fit": [str(day) for day in fold.fit.cut_offs],
             "validate": [str(day) for day in fold.validate.cut_offs]}
            for fold in plan.folds
        ],
    }  # fmt: skip


def code_digest() -> str:
    """Digest of Encore's Spark code as it runs, from a folder or from the package of a submitted step.

    The simulation is left out: it computes no model, and the package does not hold it.
    """
    digest = hashlib.sha256()
    for name, source in sorted(_sources(resources.files("spark_assets"), "")):
        digest.update(name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def packages() -> dict[str, str]:
    """Versions of what the model is computed with."""
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in (*_PACKAGES, *estimators.packages())},
    }


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in _LEFT_OUT:
            yield from _sources(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield f"{path}{entry.name}", entry
