"""What moves the scores of the current snapshot, by topic."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise

from webportal.customers.explanation import facts_of
from webportal.customers.models import Snapshot
from webportal.customers.summary import summary_of
from webportal.customers.topics import topic_name


@dataclass(frozen=True)
class TopicShare:
    """A topic among the reasons: for how many it raises and lowers, and its mean size in log-odds.

    `length` is in percent of the weightiest.
    """

    topic: str | Promise
    raises: int
    lowers: int
    weight: float
    length: float


def read_drivers(snapshot: Snapshot) -> list[TopicShare]:
    """Return the topics, the weightiest first; empty in snapshots published without them.

    The summary counts by leading feature. A customer's reason has one topic and one leading feature, so the features
    of a topic add up.
    """
    facts = facts_of(snapshot)
    drivers = summary_of(snapshot).get("drivers", {})
    if facts is None or not drivers:
        return []
    raises: dict[str, int] = defaultdict(int)
    lowers: dict[str, int] = defaultdict(int)
    weights: dict[str, float] = defaultdict(float)
    for feature, driver in drivers.items():
        known = facts["features"].get(feature)
        topic = known["topic"] if known else feature
        raises[topic] += driver["raises"]
        lowers[topic] += driver["lowers"]
        weights[topic] += driver["weight"]
    greatest = max(weights.values()) or 1.0
    return [
        TopicShare(topic_name(topic), raises[topic], lowers[topic], weights[topic], 100 * weights[topic] / greatest)
        for topic in sorted(weights, key=lambda each: (-weights[each], each))
    ]
