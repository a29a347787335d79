"""The published figures of a snapshot, typed."""

from typing import cast

from spark_assets.contracts.summary import SnapshotSummary
from webportal.customers.models import Snapshot


def summary_of(snapshot: Snapshot) -> SnapshotSummary:
    """Return the figures that the publisher wrote with `snapshot`."""
    return cast(SnapshotSummary, snapshot.summary)
