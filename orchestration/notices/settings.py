"""Whom to tell, read from the environment; nobody, unless it says so."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from orchestration.addresses import is_of_the_web
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
