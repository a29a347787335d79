"""What an alert says: as JSON for a program, as text for a mail. A customer's number, band and probability; no name."""

import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webportal.alerts.models import Alert
from webportal.alerts.selectors import named_to_owner


def body_of(delivery: int, alert: Alert) -> bytes:
    """Return the JSON that goes to a webhook.

    `delivery` is its number, the same at each attempt: the other side knows by it what comes twice.
    """
    told: dict[str, Any] = {
        "delivery": delivery,
        "alert": alert.pk,
        "kind": "segment" if alert.segment else "customer",
        "segment": alert.segment or None,
        "snapshot_id": alert.snapshot_id,
        "as_of_date": alert.as_of_date.isoformat(),
        "model_changed": alert.model_changed,
        "count": alert.count,
        "customers": [
            {
                "number": each.customer_number,
                "was": each.was,
                "band": each.band,
                "churn_probability": each.churn_probability,
            }
            for each in named_to_owner(alert)
        ],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def subject_of(alert: Alert) -> str:
    """Return the subject of a mail, which names nobody: it shows on locked screens."""
    if not alert.segment:
        return _("Encore: a customer you watch changed band")
    words = ngettext("Encore: %(count)d customer rose", "Encore: %(count)d customers rose", alert.count)
    return words % {"count": alert.count}


def text_of(alert: Alert) -> str:
    """Return the text of a mail."""
    context = {"alert": alert, "customers": named_to_owner(alert), "site": settings.PUBLIC_URL}
    return render_to_string("alerts/email/alert.txt", context)
