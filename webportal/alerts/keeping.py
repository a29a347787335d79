"""What alerts hold of one person, and for how long: given out, erased, and deleted when it is old."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from webportal.alerts.models import Alert, AlertedCustomer, Delivery, Watch
from webportal.audit.selectors import names_of

Rows = list[dict[str, Any]]


def watches_about(number: str) -> Rows:
    """Return since when a customer is watched; staff are not named."""
    watches = Watch.objects.filter(customer_number__in=names_of(number))
    return [{"since": watch.created_at} for watch in watches.order_by("id")]


def alerts_about(number: str) -> Rows:
    """Return what alerts say of a customer; staff who got them are not named."""
    named = AlertedCustomer.objects.filter(customer_number__in=names_of(number)).select_related("alert")
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
def forget_customer(names: Sequence[str]) -> tuple[int, int]:
    """Delete watches of a customer of these names, and whatever alerts say of them; returns how many of each.

    An alert about nobody else goes altogether, with its deliveries; those of segments stay, and name one fewer.
    """
    watches, _ = Watch.objects.filter(customer_number__in=names).delete()
    named = AlertedCustomer.objects.filter(customer_number__in=names)
    alone = list(Alert.objects.filter(segment="", customers__in=named).values_list("pk", flat=True))
    alerts, _ = named.delete()
    Alert.objects.filter(pk__in=alone).delete()
    return watches, alerts


def delete_alerts(before: datetime) -> int:
    """Delete alerts made before a time, with their deliveries, and other mails of the outbox; returns how many."""
    old = Alert.objects.filter(created_at__lt=before)
    count = old.count()
    old.delete()
    mails, _ = Delivery.objects.filter(alert=None, created_at__lt=before).delete()
    return count + mails
