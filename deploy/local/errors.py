"""The one error a person at the keyboard is shown."""

from pathlib import Path

TAIL_LINES = 15


class LocalError(Exception):
    """Something the user can put right; its text says what happened and what to do."""


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """Return the last lines of a log, indented, for showing below a message."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines()[-lines:])
