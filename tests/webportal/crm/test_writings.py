import pytest

from webportal.crm.writings import keys_of, plain


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
