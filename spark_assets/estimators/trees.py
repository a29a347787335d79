"""Fitted trees of Spark in one plain form, which TreeSHAP reads: `x <= threshold` goes left.

They come from the files that a saved version holds, since asking the JVM for each node takes half a minute.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from spark_assets.errors import EncoreError
from spark_assets.lake import storage

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

_LEAF = -1
_LEAST_WEIGHT = 1e-6
"""Of a node that none of the training data came by: TreeSHAP divides by it."""


class UnreadableTreesError(EncoreError):
    """A saved version holds trees of a kind that cannot be explained."""


@dataclass(frozen=True)
class Tree:
    """One tree as arrays of shape (nodes,); node 0 is the root, children come after their parents.

    `left` and `right` are -1 at a leaf. `values` counts at leaves only and holds the tree's weight in its ensemble
    already; `weights` is how much of the training data came by.
    """

    left: Ints
    right: Ints
    features: Ints
    thresholds: Floats
    values: Floats
    weights: Floats

    def expectation(self) -> float:
        """Mean over the training data: what the tree says when no feature is known."""
        means = self.values.copy()
        for node in range(len(means) - 1, -1, -1):
            children = [self.left[node], self.right[node]]
            if children[0] != _LEAF:
                means[node] = np.average(means[children], weights=self.weights[children])
        return float(means[0])


def forest_trees(uri: str) -> tuple[Tree, ...]:
    """Trees of a saved random forest whose values add up to its mean probability of leaving (class 1)."""
    trees = _saved_nodes(uri)
    return tuple(_spark_tree(nodes, [_share_of_leavers(node) / len(trees) for node in nodes]) for nodes in trees)


def _saved_nodes(uri: str) -> list[list[dict[str, Any]]]:
    """Nodes of each tree in the order of their numbers, as Spark saves an ensemble."""
    filesystem, path = storage.resolve(storage.join(uri, "data"))
    rows = pq.read_table(path, filesystem=filesystem, columns=["treeID", "nodeData"]).to_pylist()
    trees: dict[int, dict[int, dict[str, Any]]] = {}
    for row in rows:
        trees.setdefault(row["treeID"], {})[row["nodeData"]["id"]] = row["nodeData"]
    return [[nodes[number] for number in range(len(nodes))] for _, nodes in sorted(trees.items())]


def _share_of_leavers(node: dict[str, Any]) -> float:
    stats = node["impurityStats"]
    return float(stats[1] / sum(stats)) if sum(stats) else 0.0


def _spark_tree(nodes: list[dict[str, Any]], values: list[float]) -> Tree:
    inner = [node["leftChild"] != _LEAF for node in nodes]
    splits = [node["split"] for node in nodes]
    if any(split["numCategories"] != -1 for split, splitting in zip(splits, inner, strict=True) if splitting):
        raise UnreadableTreesError(
            "The saved model splits on categories; Encore trains on numbers only. Launch the job promote_model with "
            "another version, or materialize trained_model with retrain_every_days 0 for a new one."
        )
    return Tree(
        left=np.array([node["leftChild"] for node in nodes], np.int32),
        right=np.array([node["rightChild"] for node in nodes], np.int32),
        features=np.array([split["featureIndex"] for split in splits], np.int32),
        thresholds=np.array([(split["leftCategoriesOrThreshold"] or [0.0])[0] for split in splits], np.float64),
        values=np.where(inner, 0.0, values),
        weights=np.maximum([sum(node["impurityStats"]) for node in nodes], _LEAST_WEIGHT),
    )
