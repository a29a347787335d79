"""What the audit holds of a webhook: who made, changed and deleted it, and whose data went to it."""

import pytest
from django.test import Client

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, SECRET, Receiver, published, scored
from tests.webportal.alerts.test_admin import FIELDS, HOOKS
from tests.webportal.alerts.test_delivery import later
from webportal.accounts.models import User
from webportal.alerts.delivery import send_due
from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Alert, Channel, Delivery, Watch, Webhook
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import who_looked_at


def rows(kind: Kind) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(kind=kind, details__what="webhook"))


def test_making_changing_and_deleting_one_is_audited(office: Client) -> None:
    office.post(f"{HOOKS}add/", FIELDS)
    hook = Webhook.objects.get()
    (added,) = rows(Kind.ADDED)
    assert (added.actor, added.details["name"], added.details["id"]) == ("admin", "CRM", hook.pk)
    assert added.details["changes"]["address"] == [None, FIELDS["address"]]

    office.post(f"{HOOKS}{hook.pk}/change/", {**FIELDS, "secret": "", "address": "https://other.example/hook"})
    (changed,) = rows(Kind.CHANGED)
    assert changed.details["changes"] == {"address": [FIELDS["address"], "https://other.example/hook"]}

    office.post(f"{HOOKS}{hook.pk}/change/", {**FIELDS, "secret": f"another {SECRET}", "address": hook.address})
    office.post(f"{HOOKS}{hook.pk}/delete/", {"post": "yes"})
    (deleted,) = rows(Kind.DELETED)
    assert (deleted.actor, deleted.details["name"]) == ("admin", "CRM")
    told = str([event.details for event in AuditEvent.objects.all()])
    assert SECRET not in told
    assert hook.sealed_secret not in told


def test_a_new_secret_is_audited_and_not_shown(office: Client) -> None:
    office.post(f"{HOOKS}add/", FIELDS)
    office.post(f"{HOOKS}{Webhook.objects.get().pk}/change/", {**FIELDS, "secret": f"another {SECRET}"})
    (changed,) = rows(Kind.CHANGED)
    assert changed.details["changes"] == {"sealed_secret": ["(not shown)", "(not shown)"]}


@pytest.mark.parametrize("status", [200, 503])
def test_each_attempt_to_deliver_names_whose_data_left_for_whom_and_where_to(
    reachable: User, webhook: Webhook, receiver: Receiver, status: int
) -> None:
    Watch.objects.create(owner=reachable, customer_number="7")
    published([scored("7", LOW), scored("8", LOW)], as_of_date=NOVEMBER)
    published([scored("7", HIGH), scored("8", HIGH)], as_of_date=DECEMBER)
    find_alerts()
    Delivery.objects.exclude(channel=Channel.WEBHOOK).delete()
    receiver.status = status
    send_due()
    later()
    send_due()
    attempts = len(receiver.got)
    assert attempts == (1 if status == 200 else 2)
    told = list(who_looked_at("7"))
    assert len(told) == attempts
    for event in told:
        assert (event.kind, event.actor, event.subjects) == (Kind.EXPORTED, "agent", ["7"])
        assert event.details == {"way": "webhook", "webhook": "CRM", "alert": Alert.objects.get().pk}
    assert not who_looked_at("8").exists()
