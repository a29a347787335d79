import pytest

from tests.webportal.cards import MODEL_CARD
from webportal.insights.model_page import read_calibration


def test_the_curve_is_of_the_judging_window_with_its_intervals() -> None:
    found = read_calibration(MODEL_CARD)
    assert found is not None
    highest = found.bins[0]
    assert (highest.mean, highest.rate, highest.low, highest.high) == pytest.approx((15.29, 10.26, 5.29, 18.95))
    assert (highest.leavers, highest.examples) == (8, 78)
    assert found.end == 20
    assert (highest.left, highest.top, highest.low_top, highest.high_top) == (76.45, 48.7, 73.55, 5.25)
    assert found.ece == pytest.approx(1.61)
    assert found.ece_interval == pytest.approx((1.49, 3.76))


def test_the_curve_goes_from_low_to_high() -> None:
    found = read_calibration(MODEL_CARD)
    assert found is not None
    lefts = [float(point.split(",")[0]) for point in found.line.split()]
    assert len(lefts) == len(MODEL_CARD["reliability"])
    assert lefts == sorted(lefts)


def test_a_model_that_was_not_judged_still_has_the_table() -> None:
    found = read_calibration({**MODEL_CARD, "reliability": [], "metrics": None})
    assert found is not None
    assert (found.bins, found.line, found.ece, found.ece_interval) == ((), "", None, None)
    assert len(found.of_a_hundred) == len(MODEL_CARD["of_a_hundred"])


def test_a_card_of_before_has_none() -> None:
    assert read_calibration({}) is None
