"""Whose a bad line is, in every spelling of number and name."""

import pytest

from spark_assets.lake.bad_lines import full_name
from spark_assets.lake.do_not_load import DoNotLoad, with_names, with_numbers

LISTED = with_names(with_numbers(DoNotLoad("salt"), ["39", "8675309"]), [full_name("Zoë", "Quetzal")])


@pytest.mark.parametrize(
    "raw",
    [
        b'{"userId":"39","page":',
        b'{"userId" : 39, oops',
        b'{"userId":39.0}',
        b'{"userId":"39.0"}',
        b'{"userId":3.9e1}',
        b'{"userId":" 39 "}',
        b'{"userId":"\\u0033\\u0039"}',
        b'{"\\u0075serId":"39"}',
        b'{"USER_ID":39}',
        b'{"userId":"8"}{"userId":"39"}',
        b'{"userId":"39',
        '{"userId":"39","page":1}'.encode("utf-16"),
        b'{"page":null,"firstName":"Zo\xc3\xab","lastName":"Quetzal"}',
        b'{"page":null,"firstName":"Zo\xeb","lastName":"Quetzal"}',
        b'{"userId":"","firstName":"ZO\\u00cb","lastName":"quetzal"}',
        '{"userId":null,"lastName":"Quetzal ","firstName":"Zoe\u0308"}'.encode(),
        b"customer 8675309 called",
        b'{"user":{"id":"8675309"},"page":1}',
    ],
)
def test_a_line_of_a_listed_customer_is_found(raw: bytes) -> None:
    assert LISTED.holds_line(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"userId":"391"}',
        b'{"userId":39.5}',
        b'{"sessionId":39}',
        b'{"userId":"8","firstName":"Zo\xc3\xab","lastName":"Quetzal"}',
        b'{"userId":"","firstName":"Zo\xc3\xab","lastName":"Long"}',
        b'{"userId":"8","sessionId":8675309}',
        b'{"userId":"\\ud800"}',
        b"\xff\xfe",
        b"",
    ],
)
def test_a_line_of_somebody_else_stays(raw: bytes) -> None:
    assert not LISTED.holds_line(raw)
