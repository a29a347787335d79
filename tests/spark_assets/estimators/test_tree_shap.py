"""Shapley values of trees, a leaf at a time, against their definition."""

import numpy as np
import pytest

from spark_assets.estimators import tree_shap
from spark_assets.estimators.tree_shap import MAX_TABLE, Trees, shapley_values
from spark_assets.estimators.trees import Floats, Tree
from tests.spark_assets.estimators.definition import shapley

FEATURES = 6


def grown(seed: int, depth: int) -> Tree:
    """A full tree with features that come again on one way, and sides that few of the training data went."""
    dice = np.random.default_rng(seed)
    inner, nodes = 2**depth - 1, 2 ** (depth + 1) - 1
    numbers = np.arange(nodes)
    splits = numbers < inner
    return Tree(
        left=np.where(splits, 2 * numbers + 1, -1).astype(np.int32),
        right=np.where(splits, 2 * numbers + 2, -1).astype(np.int32),
        features=dice.integers(0, FEATURES, nodes).astype(np.int32),
        thresholds=dice.normal(size=nodes),
        values=np.where(splits, 0.0, dice.normal(size=nodes)),
        weights=dice.choice([1e-6, 0.5, 20.0, 300.0], nodes),
    )


def chain(length: int) -> Tree:
    """A tree that asks each feature once, one after the other."""
    inner = np.arange(length)
    left = np.full(2 * length + 1, -1, np.int32)
    right = left.copy()
    left[0 : 2 * length : 2], right[0 : 2 * length : 2] = 2 * inner + 1, 2 * inner + 2
    features = np.zeros(2 * length + 1, np.int32)
    features[0 : 2 * length : 2] = inner
    values = np.where(left < 0, np.arange(2 * length + 1), 0).astype(float)
    return Tree(left, right, features, np.zeros(2 * length + 1), values, np.linspace(1, 2, 2 * length + 1))


def reached(tree: Tree, row: Floats) -> float:
    node = 0
    while tree.left[node] >= 0:
        node = int((tree.left if row[tree.features[node]] <= tree.thresholds[node] else tree.right)[node])
    return float(tree.values[node])


@pytest.mark.parametrize("table", [MAX_TABLE, 0], ids=["looked up", "row by row"])
def test_they_are_those_of_the_definition(table: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_shap, "MAX_TABLE", table)
    trees = [grown(seed, depth) for seed, depth in enumerate((1, 3, 5, 5))]
    rows = np.random.default_rng(9).normal(size=(12, FEATURES))
    expected = np.array([shapley(trees, row) for row in rows])
    assert np.abs(expected).max() > 0.1
    assert np.abs(shapley_values(trees, rows) - expected).max() < 1e-12


def test_base_and_values_are_what_deep_trees_say() -> None:
    features = MAX_TABLE + 6
    trees = Trees((chain(features), chain(3)))
    rows = np.random.default_rng(3).normal(loc=1.5, size=(200, features))
    said = [sum(reached(tree, row) for tree in trees.trees) for row in rows]
    assert len(set(said)) > 10
    assert np.abs(trees.base + trees.split(rows, np.zeros(200)).sum(axis=1) - said).max() < 1e-10


def test_a_tree_of_one_leaf_and_no_rows_are_nothing() -> None:
    one = np.array([-1], np.int32)
    alone = Tree(one, one, np.zeros(1, np.int32), np.zeros(1), np.ones(1), np.ones(1))
    assert not shapley_values([alone], np.ones((3, 2))).any()
    assert shapley_values([grown(1, 3)], np.empty((0, FEATURES))).shape == (0, FEATURES)
