"""What an estimator is to the rest of Encore: points of a grid, an additive margin, and the packages behind it.

A fitted estimator reads `features` and `label`, and adds `probability`, a vector by class. Its margin stage adds
`margin`, a vector of one slot, which the calibration stretches and which `Additive` splits into contributions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pyspark.ml.base import Transformer
from pyspark.ml.feature import VectorSlicer
from pyspark.sql import DataFrame

from spark_assets.errors import EncoreError
from spark_assets.estimators.trees import Floats
from spark_assets.lake import storage

FEATURES = "features"
PROBABILITY, MARGIN = "probability", "margin"

Fitted = Transformer
Settings = dict[str, float]

_LEAVES = 1
"""Index of the class that leaves, in vectors by class."""


class UnexplainedEstimatorError(EncoreError):
    """An estimator whose margin nobody here can split into contributions."""


class Additive(Protocol):
    """A fitted estimator as a sum: `base` plus a contribution of each feature gives its margin."""

    @property
    def base(self) -> float:
        """The margin when no feature is known."""

    def split(self, vectors: Floats, margins: Floats) -> Floats:
        """Contributions, shape (rows, features), of `vectors` of that shape; `margins` are what the estimator gave."""


@dataclass(frozen=True)
class Candidate:
    """One point of the search: the estimator's name, its parameters in words, and how it is fitted."""

    name: str
    settings: Settings
    fit: Callable[[DataFrame], Fitted]
    """From a frame of `features` and `label` to the fitted estimator."""
    fitted_class: type[Fitted]
    """Class of the fitted estimator, which `ESTIMATORS` must know: asked before anything is fitted."""


@dataclass(frozen=True)
class Estimator:
    """All that search, pipeline, contributions and card ask of a kind of model."""

    name: str
    """On cards, in Dagster and in the portal."""
    model_class: type[Fitted]
    """Of the fitted estimator, as Spark loads it from a saved version."""
    candidates: Callable[[int, int], list[Candidate]]
    """Points of the grid, from a seed and the number of leavers to learn from."""
    margin_stage: Callable[[], Transformer]
    """A new stage that adds the margin to what the fitted estimator gives."""
    additive: Callable[[Any, str, Floats], Additive]
    """From the fitted estimator, the place of the saved pipeline, and means of the training examples by feature."""
    packages: tuple[str, ...] = ()
    """Distributions that it computes with beside Spark: the card notes their versions."""


def raw_margin() -> Transformer:
    """The stage that slices the margin off what the estimator predicts for the class that leaves."""
    return VectorSlicer(inputCol="rawPrediction", outputCol=MARGIN, indices=[_LEAVES])


def stage_folder(uri: str, uid: str) -> str:
    """Folder of a stage of the pipeline saved at `uri`: Spark names it by place and uid."""
    stages = storage.join(uri, "stages")
    return storage.join(stages, next(name for name in stage_names(uri) if name.endswith(f"_{uid}")))


def stage_names(uri: str) -> set[str]:
    """Names of the folders of all stages of the pipeline saved at `uri`."""
    return {name.split("/", 1)[0] for name, _ in storage.list_files(storage.join(uri, "stages"))}
