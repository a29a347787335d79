"""Ingests files in a process of its own: `python -m tests.spark_assets.ingest.peak_memory <home> <name>...`.

Prints a JSON object: for each file the peak of the process in MB after it, and what became of its lines.
"""

import json
import resource
import sys
from pathlib import Path

from spark_assets.ingest.inbox import look_into
from spark_assets.ingest.reading import Split
from spark_assets.ingest.survey import _look, _ranges
from spark_assets.ingest.task import TaskContext, run_task
from spark_assets.ingest.validation import TimeBounds
from tests.spark_assets.ingest.samples import NOW


def main(home: str, *names: str) -> None:
    inbox = Path(home, "inbox")
    files = {file.name: file for file in look_into(str(inbox)).files}
    told = {}
    for number, name in enumerate(names):
        file = files[name]
        for item in _ranges(file):
            _look(str(inbox), item)
        context = TaskContext(str(inbox), f"{home}/events", f"{home}/bad", TimeBounds.up_to(NOW), {name: 0})
        result = run_task(context, number, [Split(file, 0, file.size, 1)])
        told[name] = {"peak_mb": _peak_mb(), **vars(result.counts[name])}
    sys.stdout.write(json.dumps(told))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
