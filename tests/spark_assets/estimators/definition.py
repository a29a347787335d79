"""Shapley values of trees by their definition, which takes as long as there are sets of features."""

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np

from spark_assets.estimators.trees import Floats, Tree


def expectation(tree: Tree, row: Floats, known: frozenset[int], node: int = 0) -> float:
    """What a tree says when only some features are known: both ways weighed by the training data at the others."""
    if tree.left[node] < 0:
        return float(tree.values[node])
    left, right = int(tree.left[node]), int(tree.right[node])
    if int(tree.features[node]) in known:
        goes_left = row[tree.features[node]] <= tree.thresholds[node]
        return expectation(tree, row, known, left if goes_left else right)
    weights = tree.weights[[left, right]]
    sides = np.array([expectation(tree, row, known, side) for side in (left, right)])
    return float(sides @ weights / weights.sum())


def shapley(trees: Sequence[Tree], row: Floats) -> Floats:
    """Shapley values by their definition, over all sets of features."""
    count = len(row)
    values = np.zeros(count)
    for feature in range(count):
        others = [each for each in range(count) if each != feature]
        for size in range(count):
            for chosen in combinations(others, size):
                weight = 1 / (count * comb(count - 1, size))
                with_it, without = frozenset((*chosen, feature)), frozenset(chosen)
                values[feature] += weight * sum(
                    expectation(tree, row, with_it) - expectation(tree, row, without) for tree in trees
                )
    return values
