import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_assets.contracts.explanations import FIGURE
from spark_assets.features.registry.wording import number, percent


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1, "1"),
        (12, "12"),
        (12.34, "12.3"),
        (0.01234, "0.0123"),
        (0.5, "0.5"),
        (99.96, "100"),
        (1_234.5, "1,234"),
        (-3.25, "-3.25"),
    ],
)
def test_numbers(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0 %"), (0.353, "35 %"), (0.0042, "0.42 %"), (0.042, "4.2 %"), (1, "100 %")]
)
def test_percents(share: float, shown: str) -> None:
    assert percent(share) == shown


@given(st.floats(1e-9, 1e12))
def test_a_number_reads_back_to_three_digits(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.005)


@given(st.floats(1e-9, 1e12))
def test_a_number_with_signs_is_a_figure_of_the_contract(value: float) -> None:
    for shown in (number(value), percent(value).removesuffix(" %")):
        assert shown.isdecimal() or FIGURE.fullmatch(shown), shown
