"""Each look at many bytes at once against the same look byte by byte."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from spark_assets.json_scanner.simd import KEY_WIDTH, WIDTH, begins_with, copy, to_line_end, to_special

AFTER = b"x" * WIDTH
texts = st.lists(st.sampled_from([*b'abc"\\\n\r\x00\x1f \x7f\x80\xff']), max_size=3 * WIDTH).map(bytes)


@njit
def special(block: Any, at: int, highest: int) -> Any:  # noqa: ANN401 - numba compiles it
    return to_special(block, at, highest)


@njit
def line_end(block: Any, at: int) -> Any:  # noqa: ANN401 - numba compiles it
    return to_line_end(block, at)


@njit
def begins(block: Any, at: int, key: Any, place: int, count: int) -> Any:  # noqa: ANN401 - numba compiles it
    return begins_with(block, at, key, place, count)


@njit
def copied(block: Any, at: int, to: Any, place: int) -> None:  # noqa: ANN401 - numba compiles it
    copy(block, at, to, place)


def as_array(text: bytes) -> Any:  # noqa: ANN401 - of numpy
    return np.frombuffer(text, dtype=np.uint8)


@settings(deadline=None)  # the first example compiles
@given(texts, st.sampled_from([127, 255]))
def test_a_text_is_interrupted_by_quotes_backslashes_control_characters_and_high_bytes(text: bytes, high: int) -> None:
    block = text + AFTER
    for at in range(len(text)):
        stops = [step for step, byte in enumerate(block[at : at + WIDTH]) if byte in b'"\\' or not 32 <= byte <= high]
        assert special(as_array(block), at, high) == (stops[0] if stops else WIDTH)


@settings(deadline=None)
@given(texts)
def test_line_ends_are_found(text: bytes) -> None:
    block = text + AFTER
    for at in range(len(text)):
        found = block[at : at + WIDTH].find(b"\n")
        assert line_end(as_array(block), at) == (WIDTH if found < 0 else found)


@settings(deadline=None)
@given(texts, texts, st.integers(0, KEY_WIDTH), st.integers(0, WIDTH))
def test_keys_are_compared_as_far_as_they_go(text: bytes, key: bytes, count: int, place: int) -> None:
    block, keys = text + AFTER, key + AFTER + AFTER
    expected = block[:count] == keys[place : place + count]
    assert begins(as_array(block), 0, as_array(keys), place, count) == expected
    assert begins(as_array(keys), place, as_array(keys), place, count)


@settings(deadline=None)
@given(texts, st.integers(0, 7))
def test_a_copy_changes_nothing_around_it(text: bytes, place: int) -> None:
    target = np.zeros(WIDTH + 8, dtype=np.uint8)
    copied(as_array(text + AFTER), len(text), target, place)
    assert target.tobytes() == bytes(place) + AFTER + bytes(8 - place)
