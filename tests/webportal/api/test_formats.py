from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from webportal.api.formats import JsonBody


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b'{"a":' * 50_000, b'"\xff"', b"NaN", b"9" * 5_000, "{}".encode("utf-16")]
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        JsonBody().parse(BytesIO(body), "application/json", {})


@pytest.mark.parametrize("encoding", ["utf-16", "hex", "klingon", "latin-1"])
def test_the_encoding_is_ours_whatever_is_said(encoding: str) -> None:
    stream = BytesIO('{"words": "für 2 €"}'.encode())
    assert JsonBody().parse(stream, "application/json", {"encoding": encoding}) == {"words": "für 2 €"}
