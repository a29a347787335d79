"""Watches and alerts about a customer: export, erasure and retention."""

from datetime import datetime

from django.db import transaction

from webportal.alerts.models import Alert, AlertedCustomer, Delivery, Watch
from webportal.common.personal_data import DataSubject, Rows


def export(subject: DataSubject) -> dict[str, Rows]:
    """Return since when a customer is watched, and what alerts say; staff are not named."""
    watches = Watch.objects.filter(customer_number__in=subject.identifiers)
    return {
        "watches": [{"since": watch.created_at} for watch in watches.order_by("id")],
        "alerts": _alerts_about(subject),
    }


def _alerts_about(subject: DataSubject) -> Rows:
    named = AlertedCustomer.objects.filter(customer_number__in=subject.identifiers).select_related("alert")
    return [
        {
            "at": each.alert.created_at,
            "as_of_date": each.alert.as_of_date,
            "was": each.was,
            "band": each.band,
            "churn_probability": each.churn_probability,
        }
        for each in named.order_by("id")
    ]


@transaction.atomic
def erase(subject: DataSubject) -> dict[str, int]:
    """Delete watches of a customer, and what alerts say of them, under the number and every pseudonym.

    An alert about nobody else goes altogether, with its deliveries; those of segments stay, and name one fewer.
    """
    watches, _ = Watch.objects.filter(customer_number__in=subject.identifiers).delete()
    named = AlertedCustomer.objects.filter(customer_number__in=subject.identifiers)
    alone = list(Alert.objects.filter(segment="", customers__in=named).values_list("pk", flat=True))
    alerts, _ = named.delete()
    Alert.objects.filter(pk__in=alone).delete()
    return {"watches": watches, "alerts": alerts}


def delete_before(day: datetime) -> dict[str, int]:
    """Delete alerts made before a time, with their deliveries, and other mails of the outbox."""
    old = Alert.objects.filter(created_at__lt=day)
    count = old.count()
    old.delete()
    mails, _ = Delivery.objects.filter(alert=None, created_at__lt=day).delete()
    return {"alerts": count + mails}
