import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.orchestration.listeners import mail_server
from tests.webportal.starting import COMPLETE, start
from webportal.config.environment import mail_settings

SEND = """
import django
django.setup()
from django.conf import settings
from django.core.mail import EmailMessage
from webportal.alerts.outbox import send_now
send_now(EmailMessage("Hello", "Zoë", settings.DEFAULT_FROM_EMAIL, ["agent@desk.example"]))
"""


def test_the_way_is_encrypted_as_the_scheme_says() -> None:
    start_tls = mail_settings("smtp://mail.example:2587")
    assert (start_tls["EMAIL_PORT"], start_tls["EMAIL_USE_SSL"], start_tls["EMAIL_USE_TLS"]) == (2587, False, True)
    tls = mail_settings("smtps://desk%40x:p%2Fw@mail.example")
    assert (tls["EMAIL_PORT"], tls["EMAIL_USE_SSL"], tls["EMAIL_USE_TLS"]) == (465, True, False)
    assert (tls["EMAIL_HOST_USER"], tls["EMAIL_HOST_PASSWORD"]) == ("desk@x", "p/w")
    plain = mail_settings("smtp+plain://127.0.0.1:25")
    assert (plain["EMAIL_PORT"], plain["EMAIL_USE_SSL"], plain["EMAIL_USE_TLS"]) == (25, False, False)


@pytest.mark.parametrize("url", ["", "http://u:hush@mail.example", "smtp+plain://u:hush@mail.example"])
def test_another_form_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as refusal:
        mail_settings(url)
    assert "hush" not in str(refusal.value)


def test_production_sends_by_a_relay_on_this_machine() -> None:
    """With the form that docs/follower.md names."""
    with mail_server() as (address, received):
        production = {**COMPLETE, "DJANGO_SETTINGS_MODULE": "webportal.config.settings.prod"}
        done = start("-c", SEND, **{**production, "EMAIL_URL": f"smtp+plain://{address}"})
    assert done.returncode == 0, done.stderr
    assert "To: agent@desk.example" in received[0]


def test_every_mail_of_production_goes_through_the_outbox() -> None:
    lines = "import webportal.config.settings.prod as s; print(s.EMAIL_BACKEND, s.MAIL_TRANSPORT)"
    done = start("-c", lines, **COMPLETE)
    assert done.stdout.split() == ["webportal.alerts.outbox.Outbox", "django.core.mail.backends.smtp.EmailBackend"]
