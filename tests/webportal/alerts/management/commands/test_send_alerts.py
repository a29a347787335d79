from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, Receiver, published, scored
from webportal.accounts.models import User
from webportal.alerts.management.commands import send_alerts
from webportal.alerts.models import Watch, Webhook


def told(**options: object) -> str:
    out = StringIO()
    call_command("send_alerts", stdout=out, **options)
    return out.getvalue()


def test_one_call_tells_a_second_has_nothing_to_tell(reachable: User, webhook: Webhook, receiver: Receiver) -> None:
    Watch.objects.create(owner=reachable, customer_number="7")
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    assert told() == "Alerts: 1 new; sent 2, failed 0.\n"
    assert told() == "Alerts: 0 new; sent 0, failed 0.\n"
    assert (len(mail.outbox), len(receiver.got)) == (1, 1)


def test_goes_on_at_the_pace_that_was_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[int] = []

    def sleep(seconds: int) -> None:
        if len(slept) == 2:
            raise KeyboardInterrupt
        slept.append(seconds)

    monkeypatch.setattr(send_alerts.time, "sleep", sleep)
    monkeypatch.setattr(send_alerts, "close_old_connections", lambda: None)  # the test's transaction lives in one
    with pytest.raises(KeyboardInterrupt):
        told(every=30)
    assert slept == [30, 30]


@pytest.mark.parametrize("every", [0, 4, 86_401, -1])
def test_a_pace_is_bounded(db: None, every: int) -> None:
    with pytest.raises(CommandError, match="5 to 86400"):
        told(every=every)
