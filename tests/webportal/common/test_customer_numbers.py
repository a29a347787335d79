import sys
import unicodedata
from urllib.parse import quote, unquote

import pytest
from django.db import connection
from django.urls import resolve, reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from webportal.common.customer_numbers import (
    NumberKey,
    from_address,
    is_wellformed,
    keys_of,
    number_key,
    plain,
    tidy,
    to_address,
)
from webportal.customers.models import CustomerSnapshot

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


@pytest.mark.parametrize(
    "written",
    [
        "300001",
        " 300 001 ",
        "00300001",
        "#300001",
        " # 300001",
        "300.001",
        "300-001",
        "300\u2013001",
        "300/001",
        "(300) 001",
        "300\u00a0001\u200b",
        "\ufeff300001",
        "\uff13\uff10\uff10\uff10\uff10\uff11",
        "\uff03300001",
        "\u0663\u0660\u0660\u0660\u0660\u0661",
        "%23300001",
        "300%20001",
    ],
)
def test_every_writing_means_the_number(written: str) -> None:
    assert "300001" in keys_of(written)


def test_a_dot_may_be_part_of_a_number_or_part_its_digits() -> None:
    assert keys_of("0012.34") == ["12.34", "1234"]
    assert keys_of("A-7@b") == ["a-7@b", "a7@b"]


@pytest.mark.parametrize("written", ["", "   ", "7" * 129, "\0"])
def test_what_is_no_number_has_no_key(written: str) -> None:
    assert keys_of(written) == []


def test_zeros_alone_are_a_number() -> None:
    assert keys_of("000") == [""]


def test_what_is_shown_again_is_tidy() -> None:
    assert plain(" # \uff13 00\u200b001 ") == "300001"
    assert len(plain("7" * 1_000)) == 200


def keys_in_the_database(written: list[str]) -> list[str]:
    sql, _ = CustomerSnapshot.objects.annotate(key=NumberKey("customer_number")).values("key").query.sql_with_params()
    expression = sql.split("SELECT ")[1].split(" AS ")[0].replace('"customer_snapshot"."customer_number"', "number")
    given = '(select number collate "C" as number, place from unnest(%s::text[]) with ordinality _ (number, place)) _'
    with connection.cursor() as cursor:
        cursor.execute(f"select {expression} from {given} order by place", [written])  # noqa: S608 - our own text
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["300001", "007", "0", "AbC-01", "00xY", "Üser7"])
def test_python_and_database_agree(number: str) -> None:
    assert keys_in_the_database([number]) == [number_key(number)]


@pytest.mark.django_db
def test_they_agree_on_every_printable_sign() -> None:
    written = [f"0{sign}0" for sign in PRINTABLE]
    assert keys_in_the_database(written) == [number_key(number) for number in written]


@pytest.mark.django_db
@settings(max_examples=30, deadline=None)  # each asks the database
@given(numbers | awkward)
def test_they_agree_on_any_number(number: str) -> None:
    assert keys_in_the_database([number]) == [number_key(number)]
