"""Setting up a second factor as a person would, for tests."""

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

LOGIN = {"login": "agent", "password": "correct horse"}


def code_for(secret: str, later: int = 0) -> str:
    """Return the code of now, or of so many steps of 30 s later."""
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // app_settings.TOTP_PERIOD + later))


def set_up(client: Client) -> str:
    """Log in and set up a second factor with the code of the step before, which that spends; return its secret."""
    client.post("/login/", LOGIN)
    asks = client.get("/account/second-factor/on/").headers["Location"]
    assert client.post(asks, {"password": LOGIN["password"]}).headers["Location"] == "/account/second-factor/on/"
    page = client.get("/account/second-factor/on/")
    secret: str = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    done = client.post("/account/second-factor/on/", {"code": code_for(secret, later=-1)})
    assert done.headers["Location"] == "/account/recovery-codes/"
    return secret
