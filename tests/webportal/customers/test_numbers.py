import sys
import unicodedata
from urllib.parse import quote, unquote

import pytest
from django.urls import resolve, reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from webportal.customers.numbers import from_address, is_wellformed, tidy, to_address

PRINTABLE = [
    chr(code)
    for code in range(sys.maxunicode + 1)
    if unicodedata.category(chr(code)) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co")
]
numbers = st.text(st.sampled_from(PRINTABLE), min_size=1, max_size=128).filter(lambda number: number.strip())
awkward = st.text(st.sampled_from("|+/ %{}.~#?&;\\'\"<>:@-_0aZéÜ"), min_size=1, max_size=12).filter(str.strip)


@pytest.mark.parametrize("typed", ["300001", "  300001 ", "\t300001\n", "#300001", " # 300001"])
def test_tidies_what_comes_along_when_copying(typed: str) -> None:
    assert tidy(typed) == "300001"


@pytest.mark.parametrize(
    "number", ["1", "A-7.b_c:d@e", "9" * 128, "30 01", "12/3", "<b>", "ünï", "100%", "{2f1c}", ".."]
)
def test_accepts_what_a_log_may_hold(number: str) -> None:
    assert is_wellformed(number)


@pytest.mark.parametrize("number", ["", " ", "300001\0", "9" * 129, "300001\n", "a\u202eb", "a\u2028b", "\ud800"])
def test_refuses_the_rest(number: str) -> None:
    assert not is_wellformed(number)


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("300001", "300001"),
        ("A-7.b_c:d@e", "A-7.b_c:d@e"),
        ("auth0|5f7c", "auth0~7C5f7c"),
        ("user/13", "user~2F13"),
        ("..", "~2E~2E"),
        ("a~41", "a~7E41"),
        ("Üser 7", "~C3~9Cser~207"),
    ],
)
def test_an_address_holds_plain_signs_alone(number: str, address: str) -> None:
    assert to_address(number) == address


def test_every_printable_sign_comes_back() -> None:
    for sign in PRINTABLE:
        for number in (sign, f"{sign}a", f"a{sign}", f"a{sign}1"):
            assert from_address(to_address(number)) == number, repr(number)


@settings(deadline=None)  # the first example loads every address of the site
@given(numbers | awkward)
def test_every_number_comes_back_through_the_routes(number: str) -> None:
    for name in ("customers:detail", "desk:note", "desk:claim", "api:customer", "api:contacts", "api:card"):
        address = reverse(name, args=[number])
        assert unquote(address) == address == quote(address, safe="/:@~")
        match = resolve(address)
        assert (match.view_name, match.kwargs) == (name, {"number": number})


@given(numbers | awkward)
def test_a_number_that_is_percent_encoded_alone_is_understood(number: str) -> None:
    plain = unquote(quote(number, safe=""))  # as a server hands it on
    assert from_address(plain) == number or "~" in number


@pytest.mark.parametrize("written", ["~", "a~4", "~ZZ", "~FF", "a b~41"])
def test_what_no_address_of_ours_holds_is_the_number_itself(written: str) -> None:
    assert from_address(written) == written
