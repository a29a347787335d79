import base64
from xml.etree import ElementTree

import pytest

from orchestration.metadata import calibration, lift, model_plots
from spark_assets.steps.settings import StepResult

ROWS = [
    {"mean_probability": 0.4, "rate": 0.5, "low": 0.4, "high": 0.6, "examples": 50, "leavers": 25},
    {"mean_probability": 0.1, "rate": 0.1, "low": 0.05, "high": 0.2, "examples": 150, "leavers": 15},
]
SVG = "{http://www.w3.org/2000/svg}"


def dots(svg: str) -> list[tuple[float, float]]:
    """Circles as shares of the axes."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    size = float(root.attrib["width"]) - 60
    found = root.findall(f"{SVG}circle")
    return [((float(dot.attrib["cx"]) - 44) / size, (276 - float(dot.attrib["cy"])) / size) for dot in found]


def test_calibration_puts_each_bin_at_its_probability_and_share() -> None:
    (first, second) = dots(calibration(ROWS))
    assert first == pytest.approx((0.4 / 0.6, 0.5 / 0.6), abs=0.01)
    assert second == pytest.approx((0.1 / 0.6, 0.1 / 0.6), abs=0.01)


def test_lift_adds_up_from_the_highest_scores_whatever_the_order() -> None:
    for rows in (ROWS, ROWS[::-1]):
        first, last = dots(lift(rows))
        assert first == pytest.approx((50 / 200, 25 / 40), abs=0.01)
        assert last == pytest.approx((1, 1), abs=0.01)


def test_pictures_are_markdown_that_holds_the_svg() -> None:
    shown = model_plots(StepResult(200, {"reliability": ROWS}))
    assert list(shown) == ["calibration", "lift"]
    text = str(shown["calibration"].value)
    head, _, encoded = text.partition(";base64,")
    assert head.startswith("![Calibration: ")
    assert head.endswith("](data:image/svg+xml")
    assert base64.b64decode(encoded.rstrip(")")).decode() == calibration(ROWS)


@pytest.mark.parametrize("facts", [{}, {"reliability": []}])
def test_nothing_is_drawn_of_a_model_that_was_not_judged(facts: dict[str, object]) -> None:
    assert model_plots(StepResult(0, facts)) == {}
