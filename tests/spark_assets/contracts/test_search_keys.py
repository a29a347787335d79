import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_assets.contracts.search_keys import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Zoë O'Brien-Łukasz", "zoe obrien lukasz"),
        ("  MÜLLER  ", "muller"),
        ("Søren Æsop", "soren aesop"),
        ("Straße", "strasse"),
        ("İpek", "ipek"),
        ("Nguyễn Văn", "nguyen van"),
        ("D\u2019Angelo", "dangelo"),
        ("李小龍", "李小龍"),
        ("R2-D2", "r2 d2"),
        ("\U0001d54aam", "sam"),
        ("--", None),
        ("", None),
        (None, None),
    ],
)
def test_keys(name: str | None, key: str | None) -> None:
    assert name_key(name) == key


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
