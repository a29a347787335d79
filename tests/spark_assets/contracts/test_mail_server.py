"""One reading of `EMAIL_URL`, for the portal's mails and the pipeline's notices."""

import pytest

from spark_assets.contracts.mail_server import MailServer


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://desk%40x:p%2Fw@mail.example", MailServer("mail.example", 465, "smtps", "desk@x", "p/w")),
        ("smtp://mail.example", MailServer("mail.example", 587, "smtp", "", "")),
        ("smtp://mail.example:2587/", MailServer("mail.example", 2587, "smtp", "", "")),
        ("smtp+plain://127.0.0.1:25", MailServer("127.0.0.1", 25, "smtp+plain", "", "")),
        ("smtp+plain://localhost", MailServer("localhost", 25, "smtp+plain", "", "")),
        ("smtp+plain://[::1]:1025", MailServer("::1", 1025, "smtp+plain", "", "")),
    ],
)
def test_each_form_is_read(url: str, server: MailServer) -> None:
    assert MailServer.from_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example:25",
        "http://u:hush@mail.example",
        "smtp://",
        "smtp://u:hush@mail.example:x",
        "smtp://u:hush@m.example/?a=b",
        "smtp://u:hush@m.example/folder",
        "smtp://u:hush@[::1",
        "smtp+tls://u:hush@m.example",
        "smtp+plain://u:hush@mail.example",
        "smtp+plain://u:hush@10.0.0.5:25",
    ],
)
def test_another_form_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ValueError, match="EMAIL_URL") as refusal:
        MailServer.from_url(url)
    assert "hush" not in str(refusal.value)
