"""Readiness, and metrics for Prometheus of all workers together."""

import hmac
import logging
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from webportal.alerts.selectors import waiting_by_channel
from webportal.common.client_address import client_address
from webportal.customers.selectors import get_current_snapshot

logger = logging.getLogger(__name__)


class _Migrations:
    """Remembers that all are applied: that stays so for as long as this code runs, and working it out takes long."""

    def __init__(self) -> None:
        self._applied = False
        self._lock = threading.Lock()

    def are_applied(self) -> bool:
        with self._lock:
            if not self._applied:
                executor = MigrationExecutor(connection)
                self._applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            return self._applied

    def forget(self) -> None:
        self._applied = False


migrations = _Migrations()


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Say 200 when the database answers and has this code's tables, else 503; a portal without a snapshot is ready."""
    found = {"database": False, "migrations": False, "snapshot": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = True
        found["migrations"] = migrations.are_applied()
        found["snapshot"] = found["migrations"] and get_current_snapshot() is not None
    except Error as error:
        logger.warning("not ready: %s", type(error).__name__)
    ready = found["database"] and found["migrations"]
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

REQUESTS = Counter("encore_portal_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "encore_portal_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class DatabaseCollector(Collector):
    """The snapshot that readers see, 0 for none, and what waits to be sent; nothing of both without the database."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask the database, once a scrape."""
        try:
            snapshot = get_current_snapshot()
            waiting = waiting_by_channel()
        except Error:
            yield GaugeMetricFamily("encore_portal_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("encore_portal_database_up", "Whether the database answers.", value=1)
        published = snapshot.published_at.timestamp() if snapshot else 0
        as_of = datetime.combine(snapshot.as_of_date, time.min, UTC).timestamp() if snapshot else 0
        customers = snapshot.customer_rows if snapshot else 0
        yield GaugeMetricFamily("encore_snapshot_published_timestamp_seconds", "When it was published.", published)
        yield GaugeMetricFamily("encore_snapshot_as_of_timestamp_seconds", "Begin of the day that it is as of.", as_of)
        yield GaugeMetricFamily("encore_snapshot_customers", "Customers in it.", value=customers)
        count = GaugeMetricFamily("encore_deliveries_waiting", "Mails and webhooks to be sent.", labels=["channel"])
        age = GaugeMetricFamily("encore_deliveries_oldest_seconds", "Age of the oldest of them.", labels=["channel"])
        for channel, (number, oldest) in waiting.items():
            count.add_metric([channel], number)
            age.add_metric([channel], oldest)
        yield from (count, age)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever has the token, or asks from an address that may; for others there is nothing here."""
    if not _may_scrape(request):
        return HttpResponseNotFound("Not found.", content_type="text/plain")
    registry = CollectorRegistry() if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else REGISTRY
    if registry is not REGISTRY:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it ships few types
    own = CollectorRegistry()
    own.register(DatabaseCollector())
    return HttpResponse(generate_latest(registry) + generate_latest(own), content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    address = client_address(request)
    return address is not None and any(ip_address(address) in ip_network(one) for one in settings.METRICS_FROM)
