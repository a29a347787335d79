from hypothesis import given, settings
from hypothesis import strategies as st

from spark_assets.json_scanner.simd import count_line_ends


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.sampled_from([b"\n", b"\r", b"\x0b", b"\x8a", b"line", "é".encode()]), max_size=200).map(b"".join))
def test_as_many_as_bytes_count(text: bytes) -> None:
    assert count_line_ends(text) == text.count(b"\n")
