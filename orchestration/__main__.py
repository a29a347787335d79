"""`python -m orchestration materialize`: the job `everything`, here and now, told line by line."""

import argparse
import sys
import uuid
import warnings
from typing import Any

import dagster as dg

from orchestration.definitions import defs
from orchestration.failures import tell_portal_of
from orchestration.launches import BY_COMMAND, AlreadyRunningError, only_command
from orchestration.progress import told
from orchestration.settings import Settings
from spark_assets.jobs.errors import EncoreError
from spark_assets.jobs.params import BOUNDS, Choice, StepParams

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 when the run succeeded, 1 when it failed, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="python -m orchestration", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("materialize", help="ingest what is new, compute everything, publish")
    for name, allowed in BOUNDS.items():
        options = allowed.options if isinstance(allowed, Choice) else None
        kind = type(getattr(StepParams, name))
        command.add_argument(f"--{name.replace('_', '-')}", type=kind, choices=options, help=allowed.meaning)
    chosen = vars(parser.parse_args(arguments))
    return materialize({name: chosen[name] for name in BOUNDS if chosen[name] is not None})


def materialize(settings: dict[str, Any]) -> int:
    """Run `everything` with some settings of the pipeline; progress goes to standard output."""
    run_id = str(uuid.uuid4())
    with dg.DagsterInstance.get() as instance:
        job = defs().resolve_job_def("everything")
        places = Settings.from_environ()
        pipeline = {"inbox": places.inbox, "lake": places.lake, **settings}
        config = {**_QUIET, "resources": {"pipeline": {"config": pipeline}}}
        try:
            with only_command(instance), told(instance, run_id, _say):
                result = job.execute_in_process(
                    run_config=config, instance=instance, run_id=run_id, tags=BY_COMMAND, raise_on_error=False
                )
        except AlreadyRunningError as error:
            _say(str(error))
            return 1
        if result.success:
            _say_summary(result)
        else:
            _say(f"The run failed. It stands in Dagster as run {run_id[:8]}; the portal shows the snapshot before it.")
            _tell_portal(instance, run_id)
    return 0 if result.success else 1


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
    model = _metadata(events["trained_model"])
    if not model["trained"].value:
        _say(f"No model was trained: {model['reason'].value}")
    else:
        _say(f"Model {model['version'].value} ({model['estimator'].value}): {model['why'].value}")


def _metadata(event: dg.DagsterEvent) -> dict[str, Any]:
    return dict(event.step_materialization_data.materialization.metadata)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=dg.PreviewWarning)
    sys.exit(main())
