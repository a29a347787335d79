import numpy as np

from spark_assets.simulation.settings import Draws


def test_same_seed_and_index_give_the_same_numbers_and_others_do_not() -> None:
    def first(seed: int, index: int) -> list[float]:
        draws = Draws(seed, index)
        return [draws.uniform() for _ in range(300)]

    assert first(1, 2) == first(1, 2)
    assert first(1, 2) != first(2, 1)
    assert first(1, 2) != first(1, 3)


def test_means_are_as_named() -> None:
    draws = Draws(1, 1)

    assert abs(np.mean([draws.normal() for _ in range(20_000)])) < 0.03
    assert abs(np.mean([draws.exponential(4.0) for _ in range(20_000)]) - 4.0) < 0.15
    assert abs(np.mean([draws.count(0.3) for _ in range(20_000)]) - 0.3) < 0.02
