"""Longest texts that logs may bring: ingest quarantines longer ones, so that every later step can hold what it keeps.

UTF-8 writes a character in up to 4 bytes, and an entry of a btree index in Postgres holds 2,704 bytes. A published text
is cut to its `Column.max_bytes`; a number, which is never cut, has 4 bytes for each character.
"""

MAX_NUMBER_LENGTH = 128
"""Characters of a customer number."""

MAX_TEXT_LENGTH = 255
"""Characters of a name, page, level, gender or auth value."""

MAX_PLACE_LENGTH = 500
"""Characters of a location."""

MAX_TITLE_LENGTH = 1_000
"""Characters of an artist or song, which no database holds."""
