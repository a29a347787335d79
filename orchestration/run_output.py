"""Output of a run: a line for each event at the terminal, and the text of a failure for terminal and portal."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from dagster import AssetCheckEvaluation, DagsterEventType, EventLogEntry

from orchestration.run_lock import PUBLISHED
from orchestration.step_definitions import CHECKS_STEP, FAILED_CHECKS
from spark_assets.publishing.run_status import tell_portal


def causes_of(failures: Iterable[dg.DagsterEvent], otherwise: str | None) -> list[str]:
    """A line for each failed step: its name and its error's own words; `otherwise` when no step failed."""
    steps = {str(event.step_key): failure_text(event) for event in failures}
    return [f"{step}: {text}" for step, text in steps.items()] or [otherwise or "no reason given"]


def tell_portal_of(instance: dg.DagsterInstance, run_id: str) -> str:
    """Have the portal show that a run failed which was to publish; returns in words what came of it.

    Raises:
        EncoreError: the portal's database cannot be told.
    """
    planned = _events(instance, run_id, DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
    if all(event.asset_key != PUBLISHED for event, _ in planned):
        return "The run was not to publish."
    ends = _events(instance, run_id, DagsterEventType.RUN_FAILURE)
    if not ends:
        return "The run did not fail."
    end, failed_at = ends[-1]
    failures = [event for event, _ in _events(instance, run_id, DagsterEventType.STEP_FAILURE)]
    return tell_portal(run_id, datetime.fromtimestamp(failed_at, UTC), "\n".join(causes_of(failures, end.message)))


def _events(instance: dg.DagsterInstance, run_id: str, kind: DagsterEventType) -> list[tuple[dg.DagsterEvent, float]]:
    """Events of one kind with their times, the oldest first."""
    records = instance.get_records_for_run(run_id, of_type=kind).records
    entries = [record.event_log_entry for record in records]
    return [(entry.dagster_event, entry.timestamp) for entry in entries if entry.dagster_event]


_POLL_SECONDS = 0.5

Say = Callable[[str], None]


@contextmanager
def told(instance: dg.DagsterInstance, run_id: str, say: Say) -> Iterator[None]:
    """While the block runs, tell of every step and check of a run as its events arrive."""
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(instance, run_id, say, over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(instance: dg.DagsterInstance, run_id: str, say: Say, over: threading.Event) -> None:
    cursor = None
    last_look = False
    while not last_look:
        last_look = over.wait(_POLL_SECONDS)
        connection = instance.get_records_for_run(run_id, cursor=cursor)
        cursor = connection.cursor
        for line in lines(record.event_log_entry for record in connection.records):
            say(line)


def lines(events: Iterable[EventLogEntry]) -> Iterator[str]:
    """The events worth a line: a step that starts, rows and seconds of an asset, a check or step that failed."""
    for event in events:
        line = _line(event)
        if line:
            yield line


def _line(event: EventLogEntry) -> str | None:
    if not event.is_dagster_event or event.dagster_event is None:
        return None
    kind = event.dagster_event.event_type
    if kind == DagsterEventType.STEP_START and not _is_check(event):
        return f"{event.step_key} ..."
    if kind == DagsterEventType.ASSET_MATERIALIZATION:
        return _materialized(event.dagster_event.step_materialization_data.materialization)
    if kind == DagsterEventType.ASSET_CHECK_EVALUATION:
        check = event.dagster_event.asset_check_evaluation_data
        return None if check.passed else _failed_check(check)
    if kind == DagsterEventType.STEP_UP_FOR_RETRY:
        retry = event.dagster_event.step_retry_data
        return f"  {event.step_key} is tried again in {retry.seconds_to_wait or 0} s: {_innermost(retry.error)}"
    if kind == DagsterEventType.STEP_FAILURE and not _is_by_checks(event.dagster_event):
        return f"{event.step_key} failed: {failure_text(event.dagster_event)}"
    return None


def _failed_check(check: AssetCheckEvaluation) -> str:
    return f"  check {check.asset_key.to_user_string()}.{check.check_name} failed: {check.description}"


def _is_by_checks(event: dg.DagsterEvent) -> bool:
    """Whether a step failed by checks alone, each of which has its line."""
    failure = event.step_failure_data.user_failure_data
    return failure is not None and FAILED_CHECKS in failure.metadata


def _is_check(event: EventLogEntry) -> bool:
    return bool(event.step_key and event.step_key.endswith(CHECKS_STEP))


def _materialized(materialization: dg.AssetMaterialization) -> str:
    metadata = materialization.metadata
    rows, seconds = metadata["dagster/row_count"].value, metadata["seconds"].value
    return f"  {materialization.asset_key.to_user_string()}: {rows:,} rows, {seconds} s"


def failure_text(event: dg.DagsterEvent) -> str:
    """What a failed step says to its user: the description of its `dg.Failure`, else the innermost error's text."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    return _innermost(data.error)


def _innermost(error: Any) -> str:  # noqa: ANN401 - Dagster's class of stored errors has no public name
    while error and error.cause:
        error = error.cause
    return error.message.strip() if error else "unknown error"
