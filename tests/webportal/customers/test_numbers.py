import pytest

from webportal.customers.numbers import is_wellformed, tidy


@pytest.mark.parametrize("typed", ["300001", "  300001 ", "\t300001\n", "#300001", " # 300001"])
def test_tidies_what_comes_along_when_copying(typed: str) -> None:
    assert tidy(typed) == "300001"


@pytest.mark.parametrize("number", ["1", "300001", "A-7.b_c:d@e", "9" * 64])
def test_accepts_what_a_log_may_hold(number: str) -> None:
    assert is_wellformed(number)


@pytest.mark.parametrize("number", ["", "30 01", "300001\0", "12/3", "<b>", "ünï", "9" * 65, "300001\n"])
def test_refuses_the_rest(number: str) -> None:
    assert not is_wellformed(number)
