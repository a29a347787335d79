import pytest
from django.core.exceptions import ImproperlyConfigured

from webportal.config.mail import mail_settings


def test_both_schemes_are_encrypted() -> None:
    start = mail_settings("smtps://desk%40x:p%2Fw@mail.example")
    assert (start["EMAIL_PORT"], start["EMAIL_USE_SSL"], start["EMAIL_USE_TLS"]) == (465, True, False)
    assert (start["EMAIL_HOST_USER"], start["EMAIL_HOST_PASSWORD"]) == ("desk@x", "p/w")
    later = mail_settings("smtp://mail.example:2587")
    assert (later["EMAIL_PORT"], later["EMAIL_USE_SSL"], later["EMAIL_USE_TLS"]) == (2587, False, True)


@pytest.mark.parametrize(
    "url", ["", "http://u:hush@mail.example", "smtp://", "smtp://u:hush@mail.example:x", "smtp://u:hush@m.example/?a=b"]
)
def test_another_form_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is not of the form") as refusal:
        mail_settings(url)
    assert "hush" not in str(refusal.value)
