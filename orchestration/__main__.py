"""`python -m orchestration materialize`: the job `everything`, here and now, told line by line."""

import argparse
import sys
import uuid
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.definitions import defs
from orchestration.run_lock import (
    BY_COMMAND,
    TRIGGER,
    AlreadyRunningError,
    bury_the_dead,
    hold_run,
    is_any_unfinished,
    is_portal_behind,
    only_command,
)
from orchestration.run_output import tell_portal_of, told
from orchestration.settings import BadSettingError, Settings
from spark_assets.errors import EncoreError
from spark_assets.ingest.inbox import waiting_files
from spark_assets.steps.settings import BOUNDS, Choice, StepParams

LEFT_OUT = 3
"""Exit code of a run that published all it could read, and had to leave out damaged log files."""

_MAX_NAMED = 20
_AWAY_RETRIES = 2
"""A minute: somebody waits at the terminal, who may have mistyped the database's address."""
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    0 when the run succeeded, 1 when it failed, 2 for a wrong call, `LEFT_OUT` when it published but log files are
    damaged.
    """
    parser = argparse.ArgumentParser(prog="python -m orchestration", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("materialize", help="ingest what is new, compute everything, publish")
    for name, allowed in BOUNDS.items():
        options = allowed.options if isinstance(allowed, Choice) else None
        kind = type(getattr(StepParams, name))
        command.add_argument(f"--{name.replace('_', '-')}", type=kind, choices=options, help=allowed.meaning)
    command.add_argument("--if-new", action="store_true", help="do nothing when Dagster is at work or all is published")
    chosen = vars(parser.parse_args(arguments))
    try:
        if chosen["if_new"] and (reason := _nothing_to_do()):
            _say(reason)
            return 0
        return materialize({name: chosen[name] for name in BOUNDS if chosen[name] is not None})
    except (BadSettingError, EncoreError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def materialize(settings: dict[str, Any]) -> int:
    """Run `everything` with some settings of the pipeline; progress goes to standard output."""
    run_id = str(uuid.uuid4())
    with dg.DagsterInstance.get() as instance:
        job = defs().resolve_job_def("everything")
        places = Settings.from_environ()
        begin = {"quiet_seconds": StepParams.quiet_seconds, "away_retries": _AWAY_RETRIES, **places.run}
        pipeline = {"inbox": places.inbox, "lake": places.lake, **begin, **settings}
        config = {**_QUIET, "resources": {"pipeline": {"config": pipeline}}}
        try:
            with only_command(instance), told(instance, run_id, _say):
                hold_run(instance, run_id)
                result = job.execute_in_process(
                    run_config=config, instance=instance, run_id=run_id, tags=BY_COMMAND, raise_on_error=False
                )
        except AlreadyRunningError as error:
            _say(str(error))
            return 1
        damaged = False
        if result.success:
            _say_summary(result)
            damaged = _say_left_out(result)
        else:
            _say(f"The run failed. It stands in Dagster as run {run_id[:8]}; the portal shows the snapshot before it.")
            _tell_portal(instance, run_id)
    if damaged:
        return LEFT_OUT
    return 0 if result.success else 1


def _nothing_to_do() -> str | None:
    """Why there is nothing to compute here; None when there is something."""
    places = Settings.from_environ()
    with dg.DagsterInstance.get() as instance:
        cut_off = [run for run in bury_the_dead(instance) if run.tags.get(TRIGGER) != BY_COMMAND[TRIGGER]]
        if cut_off:
            return f"Run {cut_off[0].run_id[:8]} was cut off, and Dagster tries it again."
        if is_any_unfinished(instance):
            return "A run is at work in Dagster."
        waiting = waiting_files(places.inbox, places.lake, datetime.now(UTC), timedelta(0))
        if waiting.ready or waiting.unsettled or is_portal_behind(instance):
            return None
    return "Nothing new: no log file waits, and the portal shows all that was ingested."


def _tell_portal(instance: dg.DagsterInstance, run_id: str) -> None:
    """Here and not by the sensor alone: no daemon may be at work."""
    try:
        _say(tell_portal_of(instance, run_id))
    except EncoreError as error:
        _say(f"The portal could not be told: {error}")


def _say_summary(result: dg.ExecuteInProcessResult) -> None:
    events = {
        str(event.step_materialization_data.materialization.asset_key.to_user_string()): event
        for event in result.get_asset_materialization_events()
    }
    lines = _metadata(events["cleaned_events"])
    names = ("read", "kept", "repeated", "logged_out", "quarantined", "erased")
    read, kept, repeated, logged_out, quarantined, erased = (lines[f"lines_{name}"].value for name in names)
    again = f" + repeated {repeated:,}" if repeated else ""
    gone = f" + of erased customers {erased:,}" if erased else ""
    _say(
        f"\nLines read {read:,} = kept {kept:,}{again} + logged out or guest {logged_out:,} "
        f"+ quarantined {quarantined:,}{gone}"
    )
    reasons = _metadata(events["quarantined_events"])["by_reason"].value
    for reason, count in reasons.items():
        _say(f"  quarantined: {reason}: {count:,}")
    snapshot = _metadata(events["portal_snapshot"])
    _say(
        f"Snapshot {snapshot['snapshot_id'].value} as of {snapshot['as_of'].value}: "
        f"{snapshot['customer_rows'].value:,} customers, {snapshot['scored_rows'].value:,} scored"
    )
    if aside := snapshot["summary"].value["set_aside"]:
        _say(f"  not published: {aside:,} customers, named by pseudonym in the metadata of portal_snapshot")
    if waiting := snapshot["waiting"].value:
        _say(f"  {waiting}")
    model = _metadata(events["trained_model"])
    if not model["trained"].value:
        _say(f"No model was trained: {model['reason'].value}")
    else:
        _say(f"Model {model['version'].value} ({model['estimator'].value}): {model['why'].value}")


def _say_left_out(result: dg.ExecuteInProcessResult) -> bool:
    """Name the files of the inbox that were not ingested; returns whether any of them is damaged."""
    events = result.asset_materializations_for_node("ingested_logs")
    facts = next(event.metadata for event in events if event.asset_key == dg.AssetKey("cleaned_events"))
    damaged, passed_over = _json(facts["damaged"]), _json(facts["passed_over"])
    _say_names("still being written, left for the next run", _json(facts["unsettled"]))
    _say_names("passed over", [f"{name}: {reason}" for name, reason in passed_over.items()])
    _say_names("DAMAGED, not ingested", [f"{name}: {reason}" for name, reason in damaged.items()])
    if damaged:
        _say("Put whole copies of the damaged files in their place: the next run reads them.")
    return bool(damaged)


def _say_names(what: str, names: list[str]) -> None:
    if names:
        _say(f"Log files {what}: {len(names):,}")
    for name in names[:_MAX_NAMED]:
        _say(f"  {name}")
    if len(names) > _MAX_NAMED:
        _say(f"  and {len(names) - _MAX_NAMED:,} more: see the metadata of cleaned_events in Dagster")


def _json(value: dg.MetadataValue[Any]) -> Any:  # noqa: ANN401 - JSON is any
    return value.value


def _metadata(event: dg.DagsterEvent) -> dict[str, Any]:
    return dict(event.step_materialization_data.materialization.metadata)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=dg.PreviewWarning)
    sys.exit(main())
