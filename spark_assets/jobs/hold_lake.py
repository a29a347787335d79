"""Keep steps out of a lake for another program: `python -m spark_assets.jobs.hold_lake LAKE WHO`.

Prints who is waited for while somebody is at work there, and `held` once the lake is held; from then on until standard
input ends, which it does also when the other program is killed. Exit code 1 and a text when the lake was not, or not
all the time, held.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from spark_assets.errors import EncoreError, LakeBusyError
from spark_assets.lake_lock import held

_PAUSE_S = 1.0


def main(arguments: Sequence[str] | None = None, clock: Callable[[], float] = time.monotonic) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="hold_lake", description=__doc__)
    parser.add_argument("lake")
    parser.add_argument("who", help="what the others are told is at work, as in `A backup`")
    parser.add_argument("--patience", type=float, default=0.0, help="seconds that a step under way is waited for")
    options = parser.parse_args(arguments)
    until, has_told = clock() + options.patience, False
    while True:
        try:
            with held(options.lake, options.who):
                _say("held")
                sys.stdin.read()
            return 0
        except LakeBusyError as error:
            if clock() >= until:
                return _complain(error)
            if not has_told:
                _say(str(error))
                has_told = True
            time.sleep(_PAUSE_S)
        except EncoreError as error:
            return _complain(error)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _complain(error: EncoreError) -> int:
    sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
