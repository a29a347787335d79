"""Being asked to end: the work under way is finished first, and a pause is cut short."""

import os
import select
import signal
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """Takes the signals that ask a process to end, from its making on."""

    def __init__(self) -> None:
        self.is_asked_for = False
        # A pipe, for a handler that set an Event could meet the very lock that the interrupted wait holds.
        self._heard, self._told = os.pipe()
        for number in SIGNALS:
            signal.signal(number, self._take)

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or at once when the end is asked for."""
        select.select([self._heard], [], [], seconds)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked_for = True
        os.write(self._told, b"!")
