"""TreeSHAP, path-dependent, exact in 64 bits: Shapley values of a sum of trees, a leaf at a time for all rows at once.

After Lundberg et al., From local explanations to global understanding with explainable AI for trees, Nature Machine
Intelligence 2, 2020. A row reaches a leaf of value `v` if each feature on the way lets it: `o` is 1 or 0. Where a
feature is unknown, the share `z` of the training data goes the leaf's way. The leaf's Shapley value of a feature is
then `v (o - z)` times the integral over t in [0, 1] of the product, over the other features on the way, of
`z (1 - t) + o t`: the weights of the sets of features are that integral's (a beta function). The integrand is a
polynomial, which Gauss and Legendre's points integrate exactly. As `o` has two values, few different rows exist for a
leaf: their values stand in a table, and each customer looks one up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from spark_assets.estimators.trees import Floats, Tree

Mask = NDArray[np.bool_]

MAX_TABLE = 10
"""Features on a leaf's way, up to which a table of all outcomes is made; beyond, rows are computed one by one."""


@dataclass(frozen=True)
class Trees:
    """A sum of trees."""

    trees: tuple[Tree, ...]

    @cached_property
    def base(self) -> float:  # noqa: D102 - see Additive
        return sum(tree.expectation() for tree in self.trees)

    def split(self, vectors: Floats, margins: Floats) -> Floats:  # noqa: D102
        return shapley_values(self.trees, vectors)


def shapley_values(trees: Iterable[Tree], vectors: Floats) -> Floats:
    """Contributions, shape (rows, features), of `vectors` of that shape to the sum of the trees."""
    columns = np.ascontiguousarray(vectors.T)
    shares = np.zeros_like(columns)
    for tree in trees:
        _add_tree(tree, columns, shares)
    return np.ascontiguousarray(shares.T)


def _add_tree(tree: Tree, columns: Floats, shares: Floats) -> None:
    """Add the contributions of all leaves, walking down with what each feature on the way says so far."""
    way: dict[int, tuple[Mask, float]] = {}
    waiting = [(0, way)]
    while waiting:
        node, way = waiting.pop()
        if tree.left[node] < 0:
            if way:
                _add_leaf(float(tree.values[node]), way, shares)
            continue
        feature, sides = int(tree.features[node]), (int(tree.left[node]), int(tree.right[node]))
        left = columns[feature] <= tree.thresholds[node]
        passing = float(tree.weights[list(sides)].sum())
        for side, goes in zip(sides, (left, ~left), strict=True):
            share = float(tree.weights[side]) / passing
            if feature in way:
                goes, share = goes & way[feature][0], share * way[feature][1]
            waiting.append((side, {**way, feature: (goes, share)}))


def _add_leaf(value: float, way: dict[int, tuple[Mask, float]], shares: Floats) -> None:
    unknown = np.array([share for _, share in way.values()])
    masks = [mask for mask, _ in way.values()]
    if len(masks) > MAX_TABLE:
        for feature, found in zip(way, _leaf_values(value, unknown, np.array(masks).T), strict=True):
            shares[feature] += found
        return
    outcomes = np.zeros(len(masks[0]), np.uint16)
    for place, mask in enumerate(masks):
        outcomes |= mask.astype(np.uint16) << np.uint16(place)
    for feature, found in zip(way, _leaf_values(value, unknown, _all_outcomes(len(masks))), strict=True):
        shares[feature] += found[outcomes]


def _leaf_values(value: float, unknown: Floats, outcomes: Mask) -> Floats:
    """Shapley values of a leaf, shape (features, outcomes), given outcomes of shape (outcomes, features)."""
    points, weights = _quadrature(outcomes.shape[1])
    factors = np.where(outcomes, unknown + (1 - unknown) * points, unknown * (1 - points))
    others = (weights * factors.prod(axis=2, keepdims=True) / factors).sum(axis=0)
    values: Floats = value * (outcomes - unknown) * others
    return np.ascontiguousarray(values.T)


@lru_cache
def _all_outcomes(features: int) -> Mask:
    outcomes: Mask = (np.arange(2**features)[:, None] >> np.arange(features) & 1).astype(np.bool_)
    return outcomes


@lru_cache
def _quadrature(features: int) -> tuple[Floats, Floats]:
    """Points in [0, 1] and weights, shape (points, 1, 1), exact for polynomials of degree `features` less one."""
    points, weights = np.polynomial.legendre.leggauss((features + 1) // 2)
    return (points[:, None, None] + 1) / 2, weights[:, None, None] / 2
