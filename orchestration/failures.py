"""What a failed run says, and telling the portal of it."""

from collections.abc import Iterable
from datetime import UTC, datetime

import dagster as dg
from dagster import DagsterEventType

from orchestration.launches import PUBLISHED
from orchestration.progress import failure_text
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
