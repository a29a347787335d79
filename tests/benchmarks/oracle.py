"""Train on simulated logs and ask who knows the hazard: `python -m tests.benchmarks.oracle LOGS LAKE USERS DAYS`."""

import json
import sys
import time
from datetime import date

from spark_assets.modelling import model_store
from spark_assets.modelling.metrics import figures, intervals
from spark_assets.modelling.scored_outcomes import outcomes_of
from spark_assets.session import build_session
from spark_assets.simulation.settings import SimulationSettings
from spark_assets.steps.runner import run_step
from spark_assets.steps.settings import StepParams
from tests.benchmarks.measuring import SEED
from tests.hazards import with_hazard

FIGURES = ("roc_auc", "pr_auc", "lift_top_tenth")


def main(logs: str, lake: str, users: int, days: int) -> None:
    """Run the steps from logs to a model, and print its figures and the oracle's as one line of JSON."""
    spark = build_session("bench")
    params = StepParams(inbox=logs, lake=lake, quiet_seconds=0)
    seconds = {}
    for step in ("ingest_logs", "daily_activity", "training_examples", "trained_model"):
        started = time.monotonic()
        found = run_step(step, spark, params)
        seconds[step] = time.monotonic() - started
    card = model_store.load_card(lake, found.facts["version"])
    judged = date.fromisoformat(card["evaluation_cut_off"])
    known = outcomes_of(with_hazard(spark, lake, SimulationSettings(users, days, SEED), judged), "hazard")
    assert known.examples == card["metrics"]["examples"]
    oracle = {**figures(known), "intervals": intervals(known, 200, 1)}
    told = {
        "seconds": seconds,
        "learned_from": card["fitting"],
        "judged_on": {name: card["metrics"][name] for name in ("examples", "leavers", "base_rate")},
        "chosen": next(row for row in card["search"] if row["chosen"]),
        "model": {name: [card["metrics"][name], *card["metrics"]["intervals"][name]] for name in FIGURES},
        "oracle": {name: [oracle[name], *oracle["intervals"][name]] for name in FIGURES},
    }
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
