"""Every address of the site, found in its URL patterns: one that is added tomorrow is attacked tomorrow."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)")
BY_CONVERTER = {"int": "1", "slug": "listening", "str": "listening", "path": "300001", "uuid": "0" * 32}
BY_NAME = {
    "number": "300001",
    "ident": "listening",
    "app_label": "accounts",
    "url": "anything",
    "rest": "anything",
    "token": "invented",
}


ENDS_THE_SESSION = {"/logout/", "/admin/logout/"}


@dataclass(frozen=True)
class Place:
    """An address, and the parameters of its route by the values they have in it."""

    route: str
    path: str
    view: str

    def with_value(self, value: str) -> str | None:
        """Return the path with `value` in place of each parameter, or None when the route has none."""
        filled = _fill(self.route, value)
        return (
            None
            if filled == self.path and not PARAMETER.search(self.route) and not GROUP.search(self.route)
            else filled
        )


def places() -> list[Place]:
    """Return every route of the site with plausible values, sorted by path."""
    found = {_fill(route): Place(route, _fill(route), view) for route, view in _routes(get_resolver(), "/")}
    return [found[path] for path in sorted(found)]


def paths() -> list[str]:
    """Return every path, those that end the session last, so that one browser can ask for all of them."""
    return sorted((place.path for place in places()), key=lambda path: (path in ENDS_THE_SESSION, path))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.lookup_str


def _fill(route: str, value: str | None = None) -> str:
    plain = GROUP.sub(lambda found: value or BY_NAME.get(found["name"], "anything"), route)
    plain = plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".")
    return PARAMETER.sub(
        lambda found: value or BY_NAME.get(found["name"]) or BY_CONVERTER[found["converter"] or "str"], plain
    )
