import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_assets.contracts.explanations import FIGURE, points


def test_points_are_the_probability_with_minus_without() -> None:
    assert points(0.0, math.log(3)) == pytest.approx(25)  # 1:1 against 1:3
    assert points(0.0, -math.log(3)) == pytest.approx(-25)
    assert points(2.0, 0.0) == 0


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_points_have_the_sign_of_the_contribution(log_odds: float, contribution: float) -> None:
    assert points(log_odds, contribution) * contribution >= 0
    assert abs(points(log_odds, contribution)) <= 100


def test_figures_are_numbers_with_a_comma_or_a_point() -> None:
    said = (
        "1,204,000.5 songs a day, more than usual, in 7 days; was 0.042, typical is 35 % or 1,200. Of 2018-12-01, 4,5."
    )
    assert FIGURE.findall(said) == ["1,204,000.5", "0.042", "1,200"]
