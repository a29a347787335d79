"""The model against who knows the hazard, with more leavers to learn from than a test has time for."""

import json
import sys
from pathlib import Path

from tests.benchmarks.measuring import Logs, measure, table


def test_within_five_percent_of_the_oracle(logs: Logs, workshop: Path) -> None:
    """Goal: a ROC AUC of at least 95 % of the oracle's."""
    arguments = (logs.folder, workshop / "oracle", logs.users, logs.days)
    found = measure([sys.executable, "-m", "tests.benchmarks.oracle", *map(str, arguments)])
    told = found.told
    rows = [("figure", "model", "oracle", "model / oracle")]
    for name, (value, low, high) in told["model"].items():
        best, lowest, highest = told["oracle"][name]
        rows.append((name, f"{value:.3f} ({low:.3f} to {high:.3f})", f"{best:.3f} ({lowest:.3f} to {highest:.3f})",
                     f"{value / best:.0%}"))  # fmt: skip
    table(f"Learned from {told['learned_from']}, judged on {told['judged_on']}", rows)
    chosen = told["chosen"]
    table("Chosen", [(chosen["estimator"], json.dumps(chosen["settings"]))])
    table("Seconds", [(name, f"{seconds:.1f}") for name, seconds in told["seconds"].items()])
