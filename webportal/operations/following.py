"""What follows each snapshot: outcomes are counted, and who watches is told; never by two at a time."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from webportal.alerts.crossings import find_alerts
from webportal.alerts.sending import Sent, send_due
from webportal.customers.selectors import get_current_snapshot
from webportal.desk.measuring import Measured, measure
from webportal.desk.services.tasks import close_cancelled
from webportal.operations.logs import FIGURES
from webportal.privacy.retention import apply_when_due

COUNT_AGAIN_S = 3600.0
"""Outcomes are counted once for each snapshot, and so often for what agents correct of contacts meanwhile."""

_LOCK = 0x656E616C
"""Number of the lock of PostgreSQL that a look holds."""
_IDLE_LIMITS = ["idle_in_transaction_session_timeout", "transaction_timeout"]

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
            mails = f" Mails: {self.told_of_sending}." if self.sent != Sent(0, 0) else ""
            return f"Nothing has been published yet.{mails}"
        told = f"Alerts: {self.found} new; {self.told_of_sending}."
        if self.measured is None:
            return told
        return f"Counted {self.measured.snapshots} snapshots and {self.measured.contacts} contacts. {told}"

    @property
    def told_of_sending(self) -> str:
        """What came of sending, in words."""
        told = f"sent {self.sent.sent}, failed {self.sent.failed}"
        return f"{told}, dropped {self.sent.dropped}" if self.sent.dropped else told

    @property
    def is_worth_a_line(self) -> bool:
        """Tell whether anything came of it."""
        return self.measured is not None or bool(self.found or self.sent != Sent(0, 0))

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
            "dropped": self.sent.dropped,
        }


@dataclass
class Follower:
    """Looks at the current snapshot, and remembers for which one, and when, it counted last."""

    may_go_on: Callable[[], bool]
    """Asked before each delivery; what it keeps back is sent by the next look."""
    clock: Callable[[], float] = time.monotonic
    _counted: int | None = field(default=None, init=False)
    _counted_at: float = field(default=0.0, init=False)
    _had_turn: bool = field(default=True, init=False)

    def look(self) -> Look | None:
        """Count outcomes if it is time, find what is new for each watch, send what is due.

        A failure to count keeps no alert back, and is raised afterwards. None when another look is under way.
        """
        with alone() as is_held:
            if is_held is None:
                return None
            snapshot = get_current_snapshot()
            current = snapshot.pk if snapshot else None
            measured = None
            try:
                if snapshot is not None and current is not None and self._is_time_to_count(current):
                    close_cancelled(snapshot)
                    measured = measure()
                    self._counted, self._counted_at = current, self.clock()
            finally:
                found, sent = find_alerts(), send_due(lambda: self.may_go_on() and is_held())
            return Look(current, measured, found, sent)

    def note_turn(self, was_ours: bool) -> None:
        """Log when another follower begins to have the lock, once: a follower that does nothing says why."""
        if self._had_turn and not was_ours:
            logger.info("Another follower is at work in this database. This one waits for its turn.")
        self._had_turn = was_ours

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
        follower.note_turn(done is not None)
        if done is not None and done.is_worth_a_line:
            logger.info("%s", done, extra={FIGURES: done.facts})


def retain_and_log() -> None:
    """Delete what is too old, once a day, with a line in the log; after a failure the next look tries again."""
    try:
        removed = apply_when_due()
    except Error as failure:
        words = str(failure).partition("\n")[0]
        logger.warning("Retention failed, the next look tries again: %s: %s", type(failure).__name__, words)
        connection.close()
    else:
        if removed is not None:
            logger.info("Deleted what is older than the settings allow to keep.", extra={FIGURES: removed})


@contextmanager
def alone() -> Iterator[Callable[[], bool] | None]:
    """Hold the follower's lock within the block; yields what tells whether it still is held, None when another has it.

    An open transaction of a connection of its own holds it: it ends with that, however the follower dies, and a pool
    such as PgBouncer cannot hand its session to another client (ADR 0028).
    """
    holder = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            # The transaction is idle for as long as the look takes; a server may end those that are.
            cursor.execute("select set_config(name, '0', true) from pg_settings where name = any(%s)", [_IDLE_LIMITS])
            cursor.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
            (is_free,) = cursor.fetchall()[0]
        yield partial(_answers, holder) if is_free else None
    finally:
        with suppress(Error):
            holder.rollback()
        holder.close()


def _answers(holder: BaseDatabaseWrapper) -> bool:
    try:
        with holder.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return False
    return True
