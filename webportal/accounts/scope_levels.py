"""Registry of the levels that the scope of a team may name. The app that knows customers registers their levels."""

from collections.abc import Callable, Iterable

_sources: list[Callable[[], Iterable[str]]] = []


def register_levels(load: Callable[[], Iterable[str]]) -> None:
    """Register a function that returns levels; each form of a team calls it."""
    _sources.append(load)


def registered_levels() -> list[str]:
    """Return the levels of all functions."""
    return [level for load in _sources for level in load()]
