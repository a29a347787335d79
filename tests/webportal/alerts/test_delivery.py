"""Each way is tried until it worked or too often, is noted, and can be sent again."""

import json
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, SECRET, Receiver, published, scored
from webportal.accounts.models import User
from webportal.alerts.delivery import PAUSES, Sent, send_again, send_due
from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Alert, Delivery, State, Watch, Webhook
from webportal.alerts.webhooks import sign


@pytest.fixture
def crossed(reachable: User, webhook: Webhook) -> Alert:
    """An alert of the customer 7, for the agent, with a mail and a webhook to go."""
    Watch.objects.create(owner=reachable, customer_number="7")
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    find_alerts()
    return Alert.objects.get()


def later() -> None:
    Delivery.objects.filter(state=State.WAITING).update(next_at=timezone.now() - timedelta(seconds=1))


def test_a_webhook_gets_number_band_and_probability_and_no_name(crossed: Alert, receiver: Receiver) -> None:
    assert send_due().sent == 2
    _, headers, body = receiver.got[0]
    assert headers["Encore-Signature"] == sign(SECRET, int(headers["Encore-Timestamp"]), body)
    told = json.loads(body)
    assert told["customers"] == [{"number": "7", "was": "low", "band": "high", "churn_probability": HIGH}]
    assert (told["kind"], told["count"], told["as_of_date"]) == ("customer", 1, "2018-12-01")
    assert told["delivery"] == Delivery.objects.get(channel="webhook").pk
    assert b"Freeman" not in body


def test_a_mail_names_nobody_in_its_subject(crossed: Alert, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://encore.example"
    send_due()
    (message,) = mail.outbox
    assert message.to == ["agent@desk.example"]
    assert "7" not in message.subject
    assert "7: from low to high risk, 60 %" in message.body
    assert "https://encore.example/customers/7/" in message.body
    assert "Freeman" not in message.body


def test_nothing_is_sent_twice(crossed: Alert, receiver: Receiver) -> None:
    send_due()
    later()
    assert (send_due().sent, len(receiver.got), len(mail.outbox)) == (0, 1, 1)
    assert set(Delivery.objects.values_list("state", "problem", "attempts")) == {(State.SENT, "", 1)}


def test_a_failure_waits_ever_longer_and_is_given_up_in_the_end(crossed: Alert, receiver: Receiver) -> None:
    receiver.status = 503
    Delivery.objects.filter(channel="mail").delete()
    for pause in PAUSES:
        assert send_due().failed == 1
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.problem) == (State.WAITING, "answered 503")
        wait = delivery.next_at - timezone.now()
        assert pause - timedelta(seconds=30) < wait <= pause
        assert send_due() == Sent(0, 0)  # nothing is due before that
        later()
    send_due()
    assert Delivery.objects.get().state == State.GIVEN_UP
    assert len(receiver.got) == len(PAUSES) + 1


def test_what_failed_arrives_later(crossed: Alert, receiver: Receiver) -> None:
    receiver.status = 500
    send_due()
    receiver.status = 204
    later()
    assert send_due().sent == 1
    delivery = Delivery.objects.get(channel="webhook")
    assert (delivery.state, delivery.attempts, delivery.problem) == (State.SENT, 2, "")
    bodies = {body for _, _, body in receiver.got}
    assert len(bodies) == 1  # the same delivery, so that the other side can tell


def test_one_way_that_fails_holds_up_no_other(crossed: Alert, receiver: Receiver) -> None:
    receiver.status = 500
    assert (send_due().sent, len(mail.outbox)) == (1, 1)


def test_a_mail_server_that_is_away_is_tried_again(crossed: Alert, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise SMTPException("450 <agent@desk.example>: away")

    monkeypatch.setattr("webportal.alerts.delivery.send_now", away)
    send_due()
    delivery = Delivery.objects.get(channel="mail")
    assert (delivery.state, delivery.problem) == (State.WAITING, "SMTPException")


def test_a_host_that_the_settings_name_no_longer_gets_nothing(
    crossed: Alert, receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_HOSTS = []
    send_due()
    assert receiver.got == []
    assert "use https" in Delivery.objects.get(channel="webhook").problem


@pytest.mark.parametrize("gone", ["user", "webhook"])
def test_what_has_become_pointless_is_given_up_at_once(crossed: Alert, receiver: Receiver, gone: str) -> None:
    (User.objects if gone == "user" else Webhook.objects).update(is_active=False)
    send_due()
    assert Delivery.objects.get(channel="webhook").state == State.GIVEN_UP
    assert receiver.got == []
    assert len(mail.outbox) == (0 if gone == "user" else 1)


def test_what_was_given_up_can_be_sent_again(crossed: Alert, receiver: Receiver) -> None:
    Delivery.objects.update(state=State.GIVEN_UP, attempts=6, problem="answered 500")
    assert send_again(list(Delivery.objects.all())) == 2
    assert send_due().sent == 2
    assert len(receiver.got) == 1
