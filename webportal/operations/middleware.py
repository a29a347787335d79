"""How often a request asked the database, and how long it waited for the answers."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from webportal.operations import probes
from webportal.operations.logs import FIGURES, request_id


@dataclass
class DatabaseTime:
    """Of one request; in milliseconds, rows on their way included."""

    queries: int = 0
    milliseconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Carry out a statement and count it, also one that fails."""
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.milliseconds += 1_000 * (time.perf_counter() - started)


@contextmanager
def counted() -> Iterator[DatabaseTime]:
    """Count what this thread asks within the block."""
    counter = DatabaseTime()
    with connection.execute_wrapper(counter):
        yield counter


HEADER = "X-Request-ID"
_VALID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = ("healthz", "readyz", "metrics")
"""Routes that machines ask for every few seconds: counted, not logged."""

logger = logging.getLogger("webportal.requests")


class RequestMiddleware:
    """The very outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request`; the id that a proxy gave is kept when it is one, and goes out with the answer."""
        given = request.headers.get(HEADER, "")
        mark = request_id.set(given if _VALID.fullmatch(given) else uuid.uuid4().hex)
        started = time.perf_counter()
        try:
            with counted() as database:
                response = self.get_response(request)
            seconds = time.perf_counter() - started
            _tell(request, response, seconds, database)
            if settings.SERVER_TIMING:
                told = f"db;dur={database.milliseconds:.2f}, total;dur={1_000 * seconds:.2f}"
                response.headers["Server-Timing"] = told
            response.headers[HEADER] = request_id.get()
        finally:
            request_id.reset(mark)
        return response


def _tell(request: HttpRequest, response: HttpResponse, seconds: float, database: DatabaseTime) -> None:
    """Count and log a request; its route holds the names of parameters, not what customers' numbers they had."""
    route = request.resolver_match.route if request.resolver_match else "(no route)"
    method = request.method if request.method in probes.METHODS else "other"
    probes.REQUESTS.labels(method, route, str(response.status_code)).inc()
    probes.SECONDS.labels(route).observe(seconds)
    if route not in _QUIET:
        facts = {"method": method, "route": f"/{route}", "status": response.status_code}
        facts |= {"milliseconds": round(seconds * 1_000, 1), "queries": database.queries}
        facts["database_milliseconds"] = round(database.milliseconds, 1)
        logger.info("%(method)s %(route)s %(status)s %(milliseconds)s ms", facts, extra={FIGURES: facts})
