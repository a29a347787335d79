"""Readiness: whether requests may be sent here. Liveness, which asks nothing, is `healthz`."""

import logging
import threading

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

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
