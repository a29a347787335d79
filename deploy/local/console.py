"""What `make up` shows while it works."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

LABEL_WIDTH = 12


def say(text: str = "") -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a message on standard error."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Progress:
    """Prints each step with the seconds since the start."""

    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def line(self, label: str, text: str) -> None:
        """Print `[ 12 s] label  text`."""
        say(f"[{self.clock() - self.started:4.0f} s] {label:<{LABEL_WIDTH}} {text}")


def box(lines: Sequence[str]) -> str:
    """Return the lines with a frame around them."""
    width = max(len(line) for line in lines)
    edge = "+" + "-" * (width + 4) + "+"
    body = [f"|  {line:<{width}}  |" for line in lines]
    return "\n".join([edge, *body, edge])
