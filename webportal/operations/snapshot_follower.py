"""Follows each snapshot: measures outcomes, sends alerts, one process at a time, and ends gracefully."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from webportal.customers.extensions import Follow, FollowerResult, FollowerRun, registered_followers
from webportal.customers.models import Snapshot
from webportal.customers.selectors import get_current_snapshot
from webportal.operations.logs import FIGURES
from webportal.privacy.retention import apply_when_due

RUN_AGAIN_S = 3600.0
"""Seconds until a follower is due again for the same snapshot: agents correct contacts meanwhile."""

_LOCK = 0x656E616C
"""Number of the lock of PostgreSQL that a look holds."""
_IDLE_LIMITS = ["idle_in_transaction_session_timeout", "transaction_timeout"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Look:
    """The snapshot of a look, and what each follower did."""

    snapshot: int | None
    results: Sequence[FollowerResult]

    def __str__(self) -> str:
        first = "Nothing has been published yet." if self.snapshot is None else ""
        return " ".join(filter(None, [first, *(result.words for result in self.results)]))

    @property
    def is_worth_a_line(self) -> bool:
        """Tell whether anything came of it."""
        return any(result.is_news for result in self.results)

    @property
    def failed(self) -> int:
        """How many deliveries failed."""
        return sum(result.failed for result in self.results)

    @property
    def facts(self) -> dict[str, int | None]:
        """Figures for the log."""
        facts: dict[str, int | None] = {"snapshot": self.snapshot}
        for result in self.results:
            facts |= result.facts
        return facts


@dataclass
class Follower:
    """Looks at the current snapshot, and remembers for which one, and when, each registered follower ran last."""

    may_go_on: Callable[[], bool]
    """Asked before each delivery; what it keeps back is sent by the next look."""
    clock: Callable[[], float] = time.monotonic
    _ran: dict[Follow, tuple[int, float]] = field(default_factory=dict, init=False)
    _had_turn: bool = field(default=True, init=False)

    def look(self) -> Look | None:
        """Call each registered follower: outcomes are counted if it is time, alerts found and sent.

        A failure of one keeps none of the others back, and is raised afterwards. None when another look is under way.
        """
        with alone() as is_held:
            if is_held is None:
                return None
            snapshot = get_current_snapshot()
            results: list[FollowerResult] = []
            failure: Exception | None = None
            for follow in registered_followers():
                try:
                    results.append(self._run(follow, snapshot, lambda: self.may_go_on() and is_held()))
                except Exception as found:
                    failure = found
            if failure is not None:
                raise failure
            return Look(snapshot.pk if snapshot else None, results)

    def _run(self, follow: Follow, snapshot: Snapshot | None, may_go_on: Callable[[], bool]) -> FollowerResult:
        is_due = snapshot is not None and self._is_due(follow, snapshot.pk)
        result = follow(FollowerRun(snapshot, is_due, may_go_on))
        if snapshot is not None and is_due:
            self._ran[follow] = (snapshot.pk, self.clock())
        return result

    def note_turn(self, was_ours: bool) -> None:
        """Log when another follower begins to have the lock, once: a follower that does nothing says why."""
        if self._had_turn and not was_ours:
            logger.info("Another follower is at work in this database. This one waits for its turn.")
        self._had_turn = was_ours

    def _is_due(self, follow: Follow, snapshot: int) -> bool:
        ran, at = self._ran.get(follow, (None, 0.0))
        return snapshot != ran or self.clock() - at >= RUN_AGAIN_S


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
