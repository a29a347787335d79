"""Notifications by mail and webhook: recipients from the environment, and delivery."""

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from email.message import EmailMessage

from orchestration.settings import is_of_the_web
from spark_assets.contracts.mail_server import MailServer
from spark_assets.secrets import secret


class BadNoticeSettingsError(ValueError):
    """A variable of the notices is wrong; the text names it and shows no value, which may hold a password."""


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
                "ENCORE_NOTICE_WEBHOOK is not an address of the web, as in https://chat.example.org/hook."
            )
        try:
            server = MailServer.from_url(url) if to and url else None
        except ValueError as wrong:
            raise BadNoticeSettingsError(str(wrong)) from None
        return cls(to, server, sender, webhook, environ.get("ENCORE_DAGSTER_URL", "").rstrip("/"))

    @staticmethod
    def is_wanted(environ: Mapping[str, str] = os.environ) -> bool:
        """Whether a variable asks for notices, however it is written: definitions must load even if it is mistyped."""
        names = ("ENCORE_NOTICE_MAIL_TO", "ENCORE_NOTICE_WEBHOOK", "ENCORE_NOTICE_WEBHOOK_FILE")
        return any(environ.get(name) for name in names)

    def channels(self) -> dict[str, "NoticeSettings"]:
        """Return the settings of each channel alone, by its name, for notices that are repeated until handed in."""
        mail, webhook = replace(self, webhook=""), replace(self, recipients=(), server=None)
        return {name: each for name, each in {"mail": mail, "webhook": webhook}.items() if each.is_on}

    @property
    def is_on(self) -> bool:
        """Whether anybody is told."""
        return bool(self.recipients or self.webhook)


TIMEOUT_SECONDS = 10


class NotToldError(Exception):
    """A notice could not be handed in; the text says where and why, without address or password."""


@dataclass(frozen=True)
class Notice:
    """A subject line, what to read below it, and facts for machines."""

    subject: str
    text: str
    facts: dict[str, str]


def tell(notice: Notice, settings: NoticeSettings) -> None:
    """Tell everybody whom the settings name; one that fails does not keep the other from being told.

    Raises:
        NotToldError: somebody could not be told.
    """
    failures = []
    if settings.server:
        try:
            _mail(notice, settings, settings.server)
        except (OSError, smtplib.SMTPException) as error:
            failures.append(f"mail by {settings.server.host}: {type(error).__name__}")
    if settings.webhook:
        try:
            _post(notice, settings.webhook)
        except OSError as error:  # URLError and HTTPError are such
            reason = f"status {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
            failures.append(f"webhook: {reason}")
    if failures:
        raise NotToldError(f"The notice '{notice.subject}' was not handed in by {'; '.join(failures)}.")


def _mail(notice: Notice, settings: NoticeSettings, server: MailServer) -> None:
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = settings.sender
    message["To"] = ", ".join(settings.recipients)
    message.set_content(notice.text)
    context = ssl.create_default_context()
    if server.security == "smtps":
        client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    with client:
        if server.security == "smtp":
            client.starttls(context=context)
        if server.user:
            client.login(server.user, server.password)
        client.send_message(message)


def _post(notice: Notice, url: str) -> None:
    """Post what chat programs show (`text`), with the facts beside it."""
    body = json.dumps({"text": f"{notice.subject}\n{notice.text}", "encore": notice.facts}).encode()
    request = urllib.request.Request(  # noqa: S310 - the settings take http and https alone
        url, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer, suppress(OSError):  # noqa: S310
        answer.read(1_024)
