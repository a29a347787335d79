"""Random numbers of one listener, from the seed and the listener's index alone."""

import math

import numpy as np

_BLOCK = 256


class Draws:
    """Single draws from a numpy generator, taken in blocks because one call for one number costs ten times more."""

    def __init__(self, seed: int, index: int) -> None:
        self.rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, index))))
        self._uniforms: list[float] = []
        self._normals: list[float] = []

    def uniform(self) -> float:
        """Return a number from [0, 1)."""
        if not self._uniforms:
            self._uniforms = self.rng.random(_BLOCK).tolist()
        return self._uniforms.pop()

    def normal(self) -> float:
        """Return a standard normal number."""
        if not self._normals:
            self._normals = self.rng.standard_normal(_BLOCK).tolist()
        return self._normals.pop()

    def exponential(self, mean: float) -> float:
        """Return an exponential number with this mean."""
        return -mean * math.log1p(-self.uniform())

    def count(self, mean: float) -> int:
        """Return a Poisson number with this (small) mean."""
        limit, product, count = math.exp(-mean), self.uniform(), 0
        while product > limit:
            product *= self.uniform()
            count += 1
        return count
