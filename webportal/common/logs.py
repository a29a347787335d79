"""Keeps customers out of the log: an address may hold a number, or whatever else somebody typed there."""

import logging


class RouteInsteadOfPath(logging.Filter):
    """Writes the route of a request (`customers/<customer:number>/`) where Django writes its path."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, changed where it tells of a request."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            spellings = (path, path.encode("unicode_escape").decode("ascii"))  # Django writes the second
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "(no route)"
            record.args = tuple(route if argument in spellings else argument for argument in record.args)
        return True
