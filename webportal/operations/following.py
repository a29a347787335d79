"""What follows each snapshot: outcomes are counted, and who watches is told; never by two at a time."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import Error, connection

from webportal.alerts.crossings import find_alerts
from webportal.alerts.sending import Sent, send_due
from webportal.customers.selectors import get_current_snapshot
from webportal.desk.measuring import Measured, measure
from webportal.operations.logs import FIGURES

COUNT_AGAIN_S = 3600.0
"""Outcomes are counted once for each snapshot, and so often for what agents correct of contacts meanwhile."""

_LOCK = 0x656E616C
"""Number of the lock of PostgreSQL that a look holds."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Look:
    """What a look found and did."""

    snapshot: int | None
    measured: Measured | None
    """None when it was not the time to count, or nothing has been published."""
    found: int
    sent: Sent

    def __str__(self) -> str:
        if self.snapshot is None:
            return "Nothing has been published yet."
        told = f"Alerts: {self.found} new; sent {self.sent.sent}, failed {self.sent.failed}."
        if self.measured is None:
            return told
        return f"Counted {self.measured.snapshots} snapshots and {self.measured.contacts} contacts. {told}"

    @property
    def is_worth_a_line(self) -> bool:
        """Tell whether anything came of it."""
        return self.measured is not None or bool(self.found or self.sent.sent or self.sent.failed)

    @property
    def facts(self) -> dict[str, int | None]:
        """Figures for the log."""
        counted = self.measured or Measured(0, 0)
        return {
            "snapshot": self.snapshot,
            "counted_snapshots": counted.snapshots,
            "counted_contacts": counted.contacts,
            "alerts": self.found,
            "sent": self.sent.sent,
            "failed": self.sent.failed,
        }


@dataclass
class Follower:
    """Looks at the current snapshot, and remembers for which one, and when, it counted last."""

    may_go_on: Callable[[], bool]
    """Asked before each delivery; what it keeps back is sent by the next look."""
    clock: Callable[[], float] = time.monotonic
    _counted: int | None = field(default=None, init=False)
    _counted_at: float = field(default=0.0, init=False)

    def look(self) -> Look | None:
        """Count outcomes if it is time, find what is new for each watch, send what is due.

        A failure to count keeps no alert back, and is raised afterwards. None when another look is under way.
        """
        with _alone() as free:
            if not free:
                return None
            snapshot = get_current_snapshot()
            current = snapshot.pk if snapshot else None
            measured = None
            try:
                if current is not None and self._is_time_to_count(current):
                    measured = measure()
                    self._counted, self._counted_at = current, self.clock()
            finally:
                found, sent = find_alerts(), send_due(self.may_go_on)
            return Look(current, measured, found, sent)

    def _is_time_to_count(self, current: int) -> bool:
        return current != self._counted or self.clock() - self._counted_at >= COUNT_AGAIN_S


def look_and_log(follower: Follower) -> None:
    """Look once, with a line in the log of what came of it; a failure is logged and passes for this look alone."""
    try:
        done = follower.look()
    except Error as failure:
        words = str(failure).partition("\n")[0]  # what follows may quote a row
        logger.warning("The database failed, the next look tries again: %s: %s", type(failure).__name__, words)
        connection.close()  # the next look opens another
    except Exception:
        logger.exception("A look failed, the next one tries again.")
    else:
        if done is not None and done.is_worth_a_line:
            logger.info("%s", done, extra={FIGURES: done.facts})


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        (free,) = cursor.fetchall()[0]
    try:
        yield bool(free)
    finally:
        if free:
            with suppress(Error), connection.cursor() as cursor:  # a connection that broke has let go of it
                cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])
