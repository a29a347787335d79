"""Customer numbers as people type them."""

import re

LONGEST = 64
_SHAPE = re.compile(rf"[0-9A-Za-z._:@-]{{1,{LONGEST}}}")


def tidy(typed: str) -> str:
    """Return what was typed without the spaces and the `#` that come along when copying."""
    return typed.strip().lstrip("#").strip()


def is_wellformed(number: str) -> bool:
    """Tell whether `number` can be a customer number at all."""
    return _SHAPE.fullmatch(number) is not None
