import pytest

from webportal.common.presentation import across, down, round_end


@pytest.mark.parametrize(
    ("greatest", "end"), [(0, 1), (-3, 1), (1, 1), (7.3, 8), (11, 15), (99, 100), (100, 100), (101, 150), (0.31, 0.4)]
)
def test_axes_end_at_round_numbers_at_or_above_the_greatest(greatest: float, end: float) -> None:
    assert round_end(greatest) == end


@pytest.mark.parametrize(("value", "left"), [(0, 0), (5, 50), (10, 100), (12, 100), (-1, 0), (1 / 3, 3.33)])
def test_places_stay_inside_the_drawing(value: float, left: float) -> None:
    assert across(value, 10) == left
    assert down(value, 10) == pytest.approx(100 - left)
