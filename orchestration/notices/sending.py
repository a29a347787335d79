"""Handing a notice in: to a mail server, or to a webhook as JSON."""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage

from orchestration.notices.settings import NoticeSettings
from spark_assets.contracts.mail_server import MailServer

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
