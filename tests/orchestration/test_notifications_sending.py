import pytest

from orchestration.notifications import Notice, NoticeSettings, NotToldError, tell
from spark_assets.contracts.mail_server import MailServer
from tests.orchestration.listeners import mail_server, webhook

NOTICE = Notice("Encore: the run 5f0c2a2e failed", "churn_scores: no model.\nZoë's run", {"run_id": "5f0c2a2e"})


def by_mail(address: str) -> NoticeSettings:
    server = MailServer.from_url(f"smtp+plain://{address}")
    return NoticeSettings(("ops@example.org",), server, "encore@example.org")


def test_a_mail_is_handed_in() -> None:
    with mail_server() as (address, received):
        tell(NOTICE, by_mail(address))
    (message,) = received
    assert "Subject: Encore: the run 5f0c2a2e failed" in message
    assert "From: encore@example.org\r\nTo: ops@example.org" in message
    assert "churn_scores: no model." in message


def test_a_webhook_gets_a_text_and_the_facts() -> None:
    with webhook() as (address, received):
        tell(NOTICE, NoticeSettings(webhook=f"http://{address}/hook"))
    assert received == [
        {"text": f"{NOTICE.subject}\n{NOTICE.text}", "encore": {"run_id": "5f0c2a2e"}},
    ]


def test_a_mail_server_that_is_down_does_not_keep_the_webhook_from_being_told() -> None:
    with webhook() as (address, received):
        settings = NoticeSettings(
            ("ops@example.org",), MailServer.from_url("smtp+plain://127.0.0.1:1"), "e@example.org", f"http://{address}/"
        )
        with pytest.raises(NotToldError, match=r"by mail by 127.0.0.1: ConnectionRefusedError\.$"):
            tell(NOTICE, settings)
    assert len(received) == 1


def test_a_refusing_webhook_is_an_error_without_its_address() -> None:
    with webhook(403) as (address, _), pytest.raises(NotToldError, match="webhook: status 403") as caught:
        tell(NOTICE, NoticeSettings(webhook=f"http://{address}/secret-path"))
    assert "secret-path" not in str(caught.value)
