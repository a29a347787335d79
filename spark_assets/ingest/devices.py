"""The device family behind a user agent: all that Encore keeps of it."""

import pyarrow as pa
import pyarrow.compute as pc

_FAMILIES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
"""A word in the user agent and its family; the first that fits counts, as an iPad also says `Mac OS X`."""

OTHER = "Other"


def device_family(user_agent: str | None) -> str | None:
    """Family of one user agent; `Other` for an unknown one, None for none."""
    if not user_agent:
        return None
    return next((family for word, family in _FAMILIES if word in user_agent), OTHER)


def device_families(user_agents: pa.ChunkedArray) -> pa.ChunkedArray:
    """Families of a column of user agents. Few are distinct, so each is looked at once a chunk."""
    return pa.chunked_array([_families(chunk) for chunk in user_agents.chunks], type=pa.string())


def _families(chunk: pa.Array) -> pa.Array:
    encoded = pc.dictionary_encode(chunk)
    families = pa.array([device_family(value) for value in encoded.dictionary.to_pylist()], type=pa.string())
    return pc.take(families, encoded.indices)
