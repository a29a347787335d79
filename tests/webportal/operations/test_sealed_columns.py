"""Rotating the secret key reaches whatever the portal keeps sealed: looked for in the database, not in a list."""

import ast
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.webportal.accounts.second_factor import set_up
from tests.webportal.alerts.conftest import (  # noqa: F401 - fixtures
    DECEMBER,
    HIGH,
    LOW,
    NOVEMBER,
    SECRET,
    Receiver,
    published,
    reachable,
    receiver,
    scored,
    webhook,
)
from tests.webportal.starting import ROOT
from webportal.accounts.models import User
from webportal.alerts.delivery import Sent, send_due
from webportal.alerts.detection import find_alerts
from webportal.alerts.models import Delivery, State, Watch, Webhook
from webportal.alerts.webhooks import seal, sign
from webportal.api.tokens import create_token
from webportal.operations.key_rotation import ENCRYPTED

OLD, NEW = "o" * 50, "n" * 50
SEALED = "gAAAA[A-Za-z0-9_-]{60,}"
"""Text that Fernet wrote: its version, the first bytes of a time of this century, and more."""

SEALERS = {
    "webportal/accounts/authentication.py": {"second factors"},
    "webportal/alerts/webhooks.py": {"seal"},
    "webportal/alerts/models.py": {"secrets of webhooks"},
    "webportal/alerts/outbox.py": {"waiting mails"},
    "webportal/common/encryption.py": {"Box"},
    "webportal/operations/key_rotation.py": {"what there is already"},
}
"""Modules that seal, and what. Another one fails until `everything_sealed` makes it keep something."""


def sealed_columns() -> set[tuple[str, str]]:
    """Return the table and the name of each column in which a sealed text stands, be it inside JSON or bytes."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.table_name, c.column_name, c.data_type from information_schema.columns c"
            " join pg_tables t on t.schemaname = c.table_schema and t.tablename = c.table_name"
            " where c.table_schema = 'public'"
        )
        for table, column, kind in cursor.fetchall():
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'select exists (select from "{table}" where {text} ~ %s)', [SEALED])  # noqa: S608 - the catalogue's own names
            if cursor.fetchone() == (True,):
                found.add((table, column))
    return found


@pytest.fixture
def everything_sealed(
    reachable: User,  # noqa: F811 - the fixture
    webhook: Webhook,  # noqa: F811 - the fixture
    client: Client,
    settings: Settings,
) -> None:
    """One of each that the portal keeps by its first key: a second factor, an alert to deliver, a mail of its own."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    webhook.secret = SECRET
    webhook.save()
    set_up(client)
    create_token(owner=reachable, name="CRM", lifetime=timedelta(days=1))
    settings.EMAIL_BACKEND = "webportal.alerts.outbox.Outbox"
    message = EmailMultiAlternatives("Your password", "Somebody changed it.", None, ["agent@desk.example"])
    message.attach_alternative("<p>Somebody changed it.</p>", "text/html")
    message.send()
    Watch.objects.create(owner=reachable, customer_number="7")
    published([scored("7", LOW)], as_of_date=NOVEMBER)
    published([scored("7", HIGH)], as_of_date=DECEMBER)
    find_alerts()
    mail.outbox.clear()


def rotate_and_drop(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    call_command("reencrypt_secrets")
    settings.SECRET_KEY_FALLBACKS = []


@pytest.mark.usefixtures("everything_sealed")
def test_every_column_that_holds_sealed_text_is_rotated() -> None:
    """Equal, not contained: a column that nothing here fills would prove nothing."""
    assert sealed_columns() == {
        (place.model._meta.db_table, place.model._meta.get_field(place.column).column) for place in ENCRYPTED
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "value"), [("text", "%s"), ("jsonb", "jsonb_build_object('a', jsonb_build_array(%s))"), ("bytea", "%s")]
)
def test_the_look_sees_a_new_column(kind: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"create table public.newcomer (kept {kind})")
        assert ("newcomer", "kept") not in sealed_columns()
        cursor.execute(f"insert into newcomer values ({value.replace('%s', '%s::' + _cast(kind))})", [seal("")])  # noqa: S608 - written above
    assert ("newcomer", "kept") in sealed_columns()


def _cast(kind: str) -> str:
    return "bytea" if kind == "bytea" else "text"


def test_whoever_seals_is_tried_here() -> None:
    seals = {"encrypt", "seal", "Fernet", "MultiFernet", "Box"}
    found = set()
    for path in sorted((ROOT / "webportal").rglob("*.py")):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if any(getattr(call, "id", getattr(call, "attr", "")) in seals for call in calls):
            found.add(str(path.relative_to(ROOT)))
    assert found == set(SEALERS)


@pytest.mark.usefixtures("everything_sealed")
def test_what_waits_is_sent_when_the_old_key_is_gone(
    settings: Settings,
    receiver: Receiver,  # noqa: F811 - the fixture
) -> None:
    waiting = Delivery.objects.filter(state=State.WAITING)
    kinds = sorted((delivery.channel, delivery.alert_id is None) for delivery in waiting)
    assert [each for each in kinds if each != ("mail", True)] == [("mail", False), ("webhook", False)]
    mails = waiting.exclude(sealed_message="").count()
    rotate_and_drop(settings)
    assert send_due() == Sent(sent=mails + 2, failed=0)
    sent = next(message for message in mail.outbox if message.subject == "Your password")
    assert (sent.to, sent.body) == (["agent@desk.example"], "Somebody changed it.")
    assert [tuple(each) for each in sent.alternatives] == [("<p>Somebody changed it.</p>", "text/html")]  # type: ignore[attr-defined] # as it was made
    _, headers, body = receiver.got[0]
    assert headers["Encore-Signature"] == sign(SECRET, int(headers["Encore-Timestamp"]), body)


@pytest.mark.usefixtures("everything_sealed")
def test_without_the_command_it_would_not_be(settings: Settings) -> None:
    """Else the test above could not fail."""
    settings.SECRET_KEY = NEW
    mails = Delivery.objects.exclude(sealed_message="").count()
    assert send_due() == Sent(sent=1, failed=mails + 1)  # an alert by mail is put into words when it is sent
