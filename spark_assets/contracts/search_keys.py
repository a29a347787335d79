"""How names are written for searching: by the publisher into the snapshot, by the portal from what was typed."""

import re
import unicodedata

MAX_KEY_BYTES = 512
"""Names are keyed up to here, by publisher and portal alike: an entry of a btree index holds at most 2,704 bytes."""

_WHOLE = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"})
"""Letters that Unicode does not take apart into a plain letter and a mark."""

_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2019]")
_NO_LETTER = re.compile(r"[\W_]+")


def name_key(name: str | None) -> str | None:
    """Return a name in lower case without accents, apostrophes and punctuation, words parted by one space.

    “Zoë O'Brien-Łukasz” becomes “zoe obrien lukasz”; None when no letter is left. At most `MAX_KEY_BYTES` of UTF-8.
    """
    if not name:
        return None
    # taken apart before the case is folded, too: a double-struck S has no lower case, the S in it has
    letters_and_marks = _APOSTROPHES.sub("", unicodedata.normalize("NFKD", name)).casefold()
    plain = unicodedata.normalize("NFKD", letters_and_marks)
    letters = "".join(each for each in plain if not unicodedata.combining(each)).translate(_WHOLE)
    key = _NO_LETTER.sub(" ", letters).strip().encode(errors="ignore")[:MAX_KEY_BYTES]
    return key.decode(errors="ignore").strip() or None
