"""Trees of a booster as XGBoost documents them: what its contributions are compared with."""

import json
from typing import Any

import numpy as np
from xgboost import Booster

from spark_assets.estimators.trees import Tree

_LEAF = -1


def booster_trees(booster: Booster) -> list[Tree]:
    """Trees whose values add up to the booster's margin, but for what it begins with.

    XGBoost goes left at `x < threshold` in 32 bits, which is `x <= ` the next smaller number of 32 bits.
    """
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    return [_tree(document) for document in learner["gradient_booster"]["model"]["trees"]]


def _tree(document: dict[str, Any]) -> Tree:
    left = np.array(document["left_children"], np.int32)
    inner = left != _LEAF
    # at a leaf the condition is its value
    conditions = np.array(document["split_conditions"], np.float32)
    return Tree(
        left=left,
        right=np.array(document["right_children"], np.int32),
        features=np.array(document["split_indices"], np.int32),
        thresholds=np.where(inner, np.nextafter(conditions, np.float32(-np.inf)), 0.0).astype(np.float64),
        values=np.where(inner, 0.0, conditions).astype(np.float64),
        weights=np.array(document["sum_hessian"], np.float64),
    )
