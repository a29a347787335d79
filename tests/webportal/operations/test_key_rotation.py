"""Rotating the secret key: everything works with the new one beside the old, and after it without the old."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.signing import dumps
from django.db import models
from django.test import Client
from pytest_django import Settings

from tests.webportal.accounts.second_factor import LOGIN, code_for, set_up
from webportal.accounts.models import User
from webportal.accounts.services import link_for_new_password
from webportal.alerts.models import Channel, Delivery, Webhook
from webportal.alerts.webhooks import seal
from webportal.api.cards import sign_card
from webportal.api.tokens import create_token
from webportal.audit.models import AuditEvent, Kind
from webportal.common.encryption import Box
from webportal.customers.listing.paging import read_cursor, write_cursor
from webportal.operations.key_rotation import ENCRYPTED, reencrypt

OLD, NEW = "o" * 50, "n" * 50


@pytest.fixture(autouse=True)
def first_key(settings: Settings) -> Iterator[None]:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    return


def rotate(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]


def drop_the_old_one(settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = []


def enters(secret: str, later: int = 0) -> bool:
    browser = Client()
    browser.post("/login/", LOGIN)
    return browser.post("/login/code/", {"code": code_for(secret, later)}).status_code == 302


@pytest.mark.usefixtures("snapshot")
def test_all_that_was_signed_and_encrypted_before_still_works(agent: User, settings: Settings) -> None:
    browser = Client()
    secret = set_up(browser)
    hook = Webhook(name="crm", address="https://crm.example/", sealed_secret=seal("shared secret"))
    hook.save()
    token = create_token(owner=agent, name="crm", lifetime=timedelta(days=1))
    card = f"/card/{sign_card('300001', token.token)}/"
    cursor, link = write_cursor([1, "risk", "300001"], "a list"), link_for_new_password(username="agent")
    rotate(settings)
    assert browser.get("/account/").status_code == 200  # the session lives on
    assert 'name="password1"' in Client().get(link, follow=True).content.decode()
    assert enters(secret)
    assert Webhook.objects.get().secret == "shared secret"
    assert Client().get(card).status_code == 200
    assert read_cursor(cursor, "a list", (int, str, str)) == [1, "risk", "300001"]
    headers = {"Authorization": f"Bearer {token.text}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 200


def test_after_encrypting_anew_the_old_key_can_go(agent: User, client: Client, settings: Settings) -> None:
    secret = set_up(client)
    recovery = client.get("/account/recovery-codes/").context["unused_codes"][0]
    Webhook(name="crm", address="https://crm.example/", sealed_secret=seal("shared secret")).save()
    Delivery.objects.create(channel=Channel.MAIL, recipient="a@b.example", sealed_message=seal("{}"))
    rotate(settings)
    assert list(reencrypt().changed.values()) == [2, 1, 1]  # the app and its recovery codes, the webhook, the mail
    assert list(reencrypt().changed.values()) == [0, 0, 0]
    drop_the_old_one(settings)
    assert enters(secret)
    browser = Client()
    browser.post("/login/", LOGIN)
    assert browser.post("/login/code/", {"code": recovery}).status_code == 302
    assert Webhook.objects.get().secret == "shared secret"
    told = AuditEvent.objects.filter(kind=Kind.CHANGED, details__what="encryption")
    assert told.count() == 2
    assert "shared secret" not in str([event.details for event in told])


def test_without_it_the_old_key_is_missed(agent: User, client: Client, settings: Settings) -> None:
    """Else the test above could not fail."""
    Webhook(name="crm", address="https://crm.example/", sealed_secret=seal("shared secret")).save()
    rotate(settings)
    drop_the_old_one(settings)
    with pytest.raises(CommandError, match=r"No key opens these: webhook \d+"):
        call_command("reencrypt_secrets")


def test_an_unreadable_row_stops_no_other(db: None, settings: Settings) -> None:
    hooks = [Webhook(name=f"crm {n}", address="https://crm.example/", sealed_secret=seal("shared")) for n in range(3)]
    hooks[1].sealed_secret = "nothing of ours"
    Webhook.objects.bulk_create(hooks)
    rotate(settings)
    done = reencrypt()
    assert (done.changed["webhook"], len(done.unreadable)) == (2, 1)
    assert Webhook.objects.get(name="crm 1").sealed_secret == "nothing of ours"


def test_every_encrypted_column_is_known() -> None:
    known = {(place.model, place.column) for place in ENCRYPTED}
    named = re.compile(r"sealed|encrypted|cipher")
    found = {
        (model, column.attname)
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, models.TextField | models.BinaryField) and named.search(column.attname)
    }
    assert found - known == set()


def test_what_is_for_one_purpose_opens_in_no_other_box() -> None:
    one, other = Box("one"), Box("other")
    assert one.decrypt(one.encrypt("text")) == "text"
    assert not other.is_current(one.encrypt("text"))


def test_a_former_key_signs_nothing_new(settings: Settings) -> None:
    rotate(settings)
    signed = dumps([1], salt="a list")
    drop_the_old_one(settings)
    assert read_cursor(signed, "a list", (int,)) == [1]
