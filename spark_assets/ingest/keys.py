"""A 64-bit key for each event: equal events have equal keys, different ones hardly ever."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

KEY_COLUMNS = ("event_at", "session_id", "item_in_session", "length", "user_id", "page")
"""Enough to tell nearly all events apart; who acts on equal keys compares the whole events."""

Keys = npt.NDArray[np.uint64]

_MISSING = np.uint64(0x7FF8DEADBEEF0000)


def keys_of(events: pa.Table) -> Keys:
    """Keys of events that hold at least `KEY_COLUMNS`."""
    key = np.zeros(events.num_rows, dtype=np.uint64)
    for name in KEY_COLUMNS:
        column = events[name]
        key = _mix(key ^ (_text_bits(column) if pa.types.is_string(column.type) else _number_bits(column)))
    return key


def _number_bits(column: pa.ChunkedArray) -> Keys:
    """Numbers as bits; an absent one as a pattern that no time, count or length has."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    bits: Keys = pc.fill_null(column, 0).to_numpy().view(np.uint64).copy()
    if column.null_count:
        bits[pc.is_null(column).to_numpy()] = _MISSING
    return bits


def _text_bits(column: pa.ChunkedArray) -> Keys:
    """Hashes of texts, each distinct one hashed once; the same in every process, unlike Python's own."""
    encoded = pc.dictionary_encode(pc.fill_null(column, "\x00")).unify_dictionaries()
    if not encoded.length():
        return np.zeros(0, dtype=np.uint64)
    values = np.array(encoded.chunk(0).dictionary.to_pylist(), dtype=object)
    hashes: Keys = pd.util.hash_array(values, categorize=False)
    return np.concatenate([hashes[chunk.indices.to_numpy()] for chunk in encoded.chunks])


def _mix(key: Keys) -> Keys:
    """The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit changes about half of the output bits."""
    key = key + np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))
