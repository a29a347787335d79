"""What people at the desk write down, and what was measured of it. Keyed by customer number: no publish touches it."""

from webportal.desk.models.contacts import Channel, Contact, Note, Outcome, Reason
from webportal.desk.models.measures import BandMeasure, HoldOutMeasure
from webportal.desk.models.tasks import Closing, State, Task, TaskReason

__all__ = [
    "BandMeasure",
    "Channel",
    "Closing",
    "Contact",
    "HoldOutMeasure",
    "Note",
    "Outcome",
    "Reason",
    "State",
    "Task",
    "TaskReason",
]
