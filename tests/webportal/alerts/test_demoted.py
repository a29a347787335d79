"""Who has another role or team now: watches, mails and webhooks name nobody who is no longer theirs to see."""

import pytest
from django.core import mail
from django.test import Client

from tests.webportal.alerts.conftest import DECEMBER, HIGH, LOW, NOVEMBER, published, scored
from webportal.accounts.models import Team, User
from webportal.accounts.roles import Role
from webportal.alerts.delivery import send_due
from webportal.alerts.models import Alert, AlertedCustomer, Channel, Delivery, State, Watch
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import who_looked_at

NUMBER = "700777"


def alerted(user: User) -> None:
    """Have the user's watched customer cross between two snapshots; nothing is sent yet."""
    watch = Watch.objects.get(owner=user)
    alert = Alert.objects.create(owner=user, watch=watch, snapshot_id=2, as_of_date=DECEMBER)
    AlertedCustomer.objects.create(alert=alert, customer_number=NUMBER, was="low", band="high", churn_probability=HIGH)
    Delivery.objects.create(alert=alert, channel=Channel.MAIL)


@pytest.fixture
def watching(agent: User) -> User:
    published([scored(NUMBER, LOW)], as_of_date=NOVEMBER)
    published([scored(NUMBER, HIGH)], as_of_date=DECEMBER)
    agent.email = "agent@desk.example"
    agent.save()
    Watch.objects.create(owner=agent, customer_number=NUMBER)
    alerted(agent)
    return agent


def demote(user: User) -> None:
    user.role = Role.ANALYST
    user.save()


def move(user: User) -> None:
    user.team = Team.objects.create(name="Elsewhere", by_list=True)
    user.save()


@pytest.mark.parametrize("change", [demote, move])
def test_watches_name_nobody_who_is_no_longer_theirs(watching: User, client: Client, change: object) -> None:
    client.force_login(watching)
    assert NUMBER in client.get("/alerts/watches/").content.decode()
    change(watching)  # type: ignore[operator] # one of the two above
    page = client.get("/alerts/watches/").content.decode()
    assert NUMBER not in page
    assert "no longer yours to see" in page
    watch = Watch.objects.get(owner=watching)
    ended = client.post(f"/alerts/watches/{watch.pk}/end/", {"back": "1"})
    assert ended.headers["Location"] == "/alerts/watches/"
    assert not Watch.objects.exists()


@pytest.mark.parametrize("change", [demote, move])
def test_no_mail_names_them_either(watching: User, change: object) -> None:
    change(watching)  # type: ignore[operator] # one of the two above
    send_due()
    assert not any(NUMBER in str(message.body) for message in mail.outbox)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem) == (State.GIVEN_UP, "the user sees none of its customers any more")


def test_whom_a_mail_told_of_stands_in_the_audit(watching: User) -> None:
    send_due()
    assert [NUMBER in str(message.body) for message in mail.outbox] == [True]
    event = AuditEvent.objects.get(kind=Kind.EXPORTED)
    assert (event.actor, event.subjects, event.details["way"]) == ("agent", [NUMBER], "mail")
    assert who_looked_at(NUMBER).filter(kind=Kind.EXPORTED).exists()
