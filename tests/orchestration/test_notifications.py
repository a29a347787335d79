from pathlib import Path

import pytest

from orchestration.notifications import BadNoticeSettingsError, NoticeSettings
from spark_assets.contracts.mail_server import MailServer

MAIL = {
    "ENCORE_NOTICE_MAIL_TO": "ops@example.org, night@example.org",
    "EMAIL_URL": "smtps://encore:h%40sh@mail.example.org",
    "ENCORE_MAIL_FROM": "encore@example.org",
}


def test_nobody_is_told_by_default() -> None:
    assert not NoticeSettings.from_environ({"EMAIL_URL": "smtp://mail.example.org"}).is_on


def test_mail_goes_to_each_recipient_over_an_encrypted_way() -> None:
    settings = NoticeSettings.from_environ(MAIL)
    assert settings.recipients == ("ops@example.org", "night@example.org")
    assert settings.server == MailServer("mail.example.org", 465, "smtps", "encore", "h@sh")
    assert settings.is_on


def test_the_webhook_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "hook"
    file.write_text("https://chat.example.org/hooks/T0K3N\n")
    settings = NoticeSettings.from_environ({"ENCORE_NOTICE_WEBHOOK_FILE": str(file)})
    assert (settings.webhook, settings.is_on) == ("https://chat.example.org/hooks/T0K3N", True)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"EMAIL_URL": ""}, "EMAIL_URL"),
        ({"ENCORE_MAIL_FROM": ""}, "ENCORE_MAIL_FROM"),
        ({"EMAIL_URL": "https://encore:hush@mail.example.org"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp://encore:hush@mail.example.org:port"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp+plain://encore:hush@mail.example.org"}, "this machine only"),
        ({"ENCORE_NOTICE_WEBHOOK": "file:///etc/hush"}, "ENCORE_NOTICE_WEBHOOK"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(changes: dict[str, str], names: str) -> None:
    with pytest.raises(BadNoticeSettingsError, match=names) as caught:
        NoticeSettings.from_environ(MAIL | changes)
    assert "hush" not in str(caught.value)
