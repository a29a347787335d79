"""Webhooks and deliveries in the admin."""

import pytest
from django.test import Client

from tests.webportal.alerts.conftest import DECEMBER, SECRET
from webportal.accounts.models import User
from webportal.alerts.models import Alert, Channel, Delivery, State, Webhook
from webportal.audit.models import AuditEvent, Kind

HOOKS, DELIVERIES = "/admin/alerts/webhook/", "/admin/alerts/delivery/"
FIELDS = {"name": "CRM", "address": "https://crm.example/hook", "secret": SECRET, "is_active": "on"}


def test_a_secret_is_kept_encrypted_and_shown_nowhere(office: Client) -> None:
    assert office.post(f"{HOOKS}add/", FIELDS).status_code == 302
    hook = Webhook.objects.get()
    assert hook.secret == SECRET
    assert SECRET not in hook.sealed_secret
    for path in (HOOKS, f"{HOOKS}{hook.pk}/change/", f"{HOOKS}{hook.pk}/history/"):
        page = office.get(path).content.decode()
        assert SECRET not in page
        assert hook.sealed_secret not in page
    event = AuditEvent.objects.get(kind=Kind.ADDED, details__what="webhook")
    assert SECRET not in str(event.details)
    assert hook.sealed_secret not in str(event.details)
    assert event.details["changes"]["address"] == [None, "https://crm.example/hook"]


def test_without_a_new_secret_the_old_one_stays(office: Client) -> None:
    office.post(f"{HOOKS}add/", FIELDS)
    hook = Webhook.objects.get()
    office.post(f"{HOOKS}{hook.pk}/change/", {**FIELDS, "secret": "", "name": "Other"})
    hook.refresh_from_db()
    assert (hook.name, hook.secret) == ("Other", SECRET)


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": ""},
        {"secret": "short"},
        {"address": "http://crm.example/hook"},
        {"address": "https://127.0.0.1/hook"},
        {"address": "https://[::1]/hook"},
        {"address": "https://user@crm.example/"},
        {"address": "javascript:alert(1)"},
        {"address": ""},
    ],
)
def test_a_wrong_webhook_is_refused(office: Client, changes: dict[str, str]) -> None:
    response = office.post(f"{HOOKS}add/", {**FIELDS, **changes})
    assert "errorlist" in response.content.decode()
    assert not Webhook.objects.exists()


def test_deliveries_show_their_state_and_are_sent_again(office: Client, agent: User) -> None:
    alert = Alert.objects.create(owner=agent, snapshot_id=1, as_of_date=DECEMBER)
    delivery = Delivery.objects.create(
        alert=alert, channel=Channel.MAIL, state=State.GIVEN_UP, attempts=6, problem="answered 500"
    )
    assert "answered 500" in office.get(DELIVERIES).content.decode()
    chosen = {"action": "send_again", "_selected_action": delivery.pk}
    assert "next pass" in office.post(DELIVERIES, chosen).content.decode()
    office.post(DELIVERIES, {**chosen, "confirmed": "yes"})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.problem) == (State.WAITING, 0, "")


def test_nobody_adds_changes_or_deletes_a_delivery(office: Client, agent: User) -> None:
    alert = Alert.objects.create(owner=agent, snapshot_id=1, as_of_date=DECEMBER)
    delivery = Delivery.objects.create(alert=alert, channel=Channel.MAIL)
    for path in ("add/", f"{delivery.pk}/delete/"):
        assert office.get(DELIVERIES + path).status_code == 403
    assert office.post(f"{DELIVERIES}{delivery.pk}/change/", {"state": "sent"}).status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == State.WAITING
