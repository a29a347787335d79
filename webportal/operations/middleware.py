"""Each request has an id, is counted and timed, and leaves one line in the log: by route, never by path."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from webportal.operations import metrics
from webportal.operations.database_time import DatabaseTime, counted
from webportal.operations.logs import FIGURES, request_id

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
    method = request.method if request.method in metrics.METHODS else "other"
    metrics.REQUESTS.labels(method, route, str(response.status_code)).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    if route not in _QUIET:
        facts = {"method": method, "route": f"/{route}", "status": response.status_code}
        facts |= {"milliseconds": round(seconds * 1_000, 1), "queries": database.queries}
        facts["database_milliseconds"] = round(database.milliseconds, 1)
        logger.info("%(method)s %(route)s %(status)s %(milliseconds)s ms", facts, extra={FIGURES: facts})
