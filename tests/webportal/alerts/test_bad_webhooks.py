"""A webhook that cannot work fails alone, is given up after its tries, and its owner reads why."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, SECRET, Receiver, published, scored
from webportal.accounts.models import User
from webportal.alerts.delivery import PAUSES, send_due
from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Delivery, State, Watch, Webhook

UNREADABLE = "gAAAAAB_not_one_of_ours"


@pytest.fixture
def broken(webhook: Webhook, receiver: Receiver, reachable: User) -> Webhook:
    """A webhook beside the one that works, and an alert that goes to both and by mail."""
    hook = Webhook(name="A broken one", address=f"{receiver.address}/other", takes_customers=True)
    hook.secret = SECRET
    hook.save()
    Watch.objects.create(owner=reachable, customer_number="7")
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    find_alerts()
    return hook


def due_now() -> None:
    Delivery.objects.filter(state=State.WAITING).update(next_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sealed_secret": UNREADABLE}, "secret cannot be read"),
        ({"sealed_secret": ""}, "secret cannot be read"),
        ({"sealed_secret": "é"}, "secret cannot be read"),
        ({"address": "https://\x7fhost/"}, "address"),
        ({"address": "https://" + "a" * 64 + ".example/"}, "address"),
        ({"address": "https://127.0.0.1:1/\udcff".encode("utf-8", "replace").decode()}, "connection failed"),
        ({"address": "http://[::1"}, "address"),
    ],
)
def test_one_that_cannot_work_fails_alone_and_is_given_up(
    broken: Webhook, receiver: Receiver, change: dict[str, str], words: str
) -> None:
    Webhook.objects.filter(pk=broken.pk).update(**change)
    for passed in range(len(PAUSES) + 1):
        done = send_due()
        assert (done.sent, done.failed) == (2 if passed == 0 else 0, 1)
        due_now()
    assert len(receiver.got) == len(mail.outbox) == 1
    given_up = Delivery.objects.get(webhook=broken)
    assert (given_up.state, given_up.attempts) == (State.GIVEN_UP, len(PAUSES) + 1)
    assert words in given_up.problem
    assert send_due().failed == 0


def test_a_fault_of_ours_stops_no_other_and_is_logged(
    broken: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> bytes:
        raise KeyError("a secret text")

    monkeypatch.setattr("webportal.alerts.delivery.body_of", fails)
    assert (send_due().sent, send_due().sent) == (1, 0)
    assert set(Delivery.objects.exclude(webhook=None).values_list("state", "problem")) == {
        (State.WAITING, "KeyError: the log of the follower has the details")
    }
    assert "KeyError" in caplog.text


def test_one_whose_every_attempt_ended_the_process_is_given_up(broken: Webhook, receiver: Receiver) -> None:
    """The attempt is counted before it is made, so one that kills the process does not go on for ever."""
    Delivery.objects.filter(webhook=broken).update(attempts=len(PAUSES) + 1)
    send_due()
    given_up = Delivery.objects.get(webhook=broken)
    assert (given_up.state, given_up.problem) == (State.GIVEN_UP, "the follower ended during the last attempt")
    assert [path for path, _, _ in receiver.got] == ["/encore"]


def test_the_owner_reads_what_did_not_arrive_and_why(broken: Webhook, reachable: User, client: Client) -> None:
    client.force_login(reachable)
    Webhook.objects.filter(pk=broken.pk).update(sealed_secret=UNREADABLE)
    send_due()
    page = client.get("/alerts/").content.decode()
    assert "Not yet delivered to A broken one" in page
    assert "secret cannot be read" in page
    Delivery.objects.filter(webhook=broken).update(attempts=len(PAUSES))
    due_now()
    send_due()
    page = client.get("/alerts/").content.decode()
    assert "Not delivered to A broken one: given up after 6 attempts" in page
    assert "CRM" not in page  # what arrived is not worth a line


def test_administrators_see_at_the_webhook_that_its_deliveries_fail(
    broken: Webhook, administrator: User, client: Client
) -> None:
    client.force_login(administrator)
    Delivery.objects.filter(webhook=broken).update(state=State.GIVEN_UP, problem="answered 500")
    page = client.get("/admin/alerts/webhook/").content.decode()
    assert "1 given up" in page
    assert f"/admin/alerts/delivery/?webhook__id__exact={broken.pk}" in page


def test_an_address_with_accents_arrives_quoted(broken: Webhook, receiver: Receiver, settings: Settings) -> None:
    Webhook.objects.filter(pk=broken.pk).update(address=f"{receiver.address}/münchen/a|b?x=ü&y=%20")
    assert send_due().sent == 3
    assert {path for path, _, _ in receiver.got} == {"/encore", "/encore/m%C3%BCnchen/a%7Cb?x=%C3%BC&y=%20"}
