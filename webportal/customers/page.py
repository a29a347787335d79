"""What the customer page shows, put together from its readings."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from webportal.customers.activity import read_activity
from webportal.customers.comparison import compare
from webportal.customers.doubts import read_doubts
from webportal.customers.explanation import read_change, read_explanation
from webportal.customers.hundred import read_of_a_hundred
from webportal.customers.models import CustomerColumns, Snapshot
from webportal.customers.risk import read_risk
from webportal.customers.timeline import read_timeline
from webportal.customers.trend import PastScore, read_trend


def customer_page(
    customer: CustomerColumns, history: Sequence[PastScore], snapshot: Snapshot, today: date
) -> dict[str, Any]:
    """Return the context of `customers/detail.html`; asks the database nothing."""
    risk = read_risk(customer, snapshot)
    return {
        "customer": customer,
        "risk": risk,
        "of_a_hundred": read_of_a_hundred(customer, snapshot),
        "trend": read_trend(history, risk),
        "explanation": read_explanation(customer, snapshot),
        "change": read_change(customer, snapshot),
        "doubts": read_doubts(customer, snapshot, today),
        "comparisons": compare(customer, snapshot),
        "activity": read_activity(customer, snapshot),
        "timeline": read_timeline(customer),
    }
