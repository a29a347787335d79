"""Whom to tell, read from the environment; nobody, unless it says so."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from orchestration.addresses import is_of_the_web, split
from spark_assets.jobs.environment import secret

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_MAIL_SHAPE = "smtps://user:password@host:465, smtp://user:password@host:587 (STARTTLS) or smtp+plain://127.0.0.1:25"


class BadNoticeSettingsError(ValueError):
    """A variable of the notices is wrong; the text names it and shows no value, which may hold a password."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. `security` is `smtps` (TLS from the start), `smtp` (STARTTLS) or `smtp+plain`."""

    host: str
    port: int
    security: str
    user: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """Parse the form that the portal's `EMAIL_URL` has too; unencrypted only to this very machine.

        Raises:
            BadNoticeSettingsError: it has another form.
        """
        parts = split(url)
        if parts is None or parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
            raise BadNoticeSettingsError(f"EMAIL_URL is not of the form {_MAIL_SHAPE}.")
        if parts.scheme == "smtp+plain" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise BadNoticeSettingsError("EMAIL_URL: smtp+plain is for a relay on this machine only.")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, parts.port or _PORTS[parts.scheme], parts.scheme, user, password)


@dataclass(frozen=True)
class NoticeSettings:
    """Recipients of mail, with server and sender, and a webhook; either may be missing."""

    recipients: tuple[str, ...] = ()
    server: MailServer | None = None
    sender: str = ""
    webhook: str = ""
    dagster_url: str = ""
    """Where operators reach Dagster's UI, for the link; none without it."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "NoticeSettings":
        """Read `ENCORE_NOTICE_MAIL_TO`, `EMAIL_URL`, `ENCORE_MAIL_FROM`, `ENCORE_NOTICE_WEBHOOK`, `ENCORE_DAGSTER_URL`.

        Raises:
            BadNoticeSettingsError: one is wrong, or missing beside another.
        """
        to = tuple(word.strip() for word in environ.get("ENCORE_NOTICE_MAIL_TO", "").split(",") if word.strip())
        url, sender = secret("EMAIL_URL", environ), environ.get("ENCORE_MAIL_FROM", "")
        if to and not (url and sender):
            raise BadNoticeSettingsError("ENCORE_NOTICE_MAIL_TO needs EMAIL_URL and ENCORE_MAIL_FROM.")
        webhook = secret("ENCORE_NOTICE_WEBHOOK", environ) or ""
        if webhook and not is_of_the_web(webhook):
            raise BadNoticeSettingsError(
                "ENCORE_NOTICE_WEBHOOK is not an address that begins with https:// or http://."
            )
        server = MailServer.from_url(url) if to and url else None
        return cls(to, server, sender, webhook, environ.get("ENCORE_DAGSTER_URL", "").rstrip("/"))

    @property
    def is_on(self) -> bool:
        """Whether anybody is told."""
        return bool(self.recipients or self.webhook)
