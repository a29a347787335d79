from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from webportal.accounts.models import User


def test_prints_the_fresh_password(agent: User) -> None:
    printed = StringIO()
    call_command("reset_password", "agent", stdout=printed)
    name, password = printed.getvalue().splitlines()[0].split()
    agent.refresh_from_db()
    assert name == "agent"
    assert agent.check_password(password)


def test_prints_a_link_that_logs_in_once(agent: User) -> None:
    printed = StringIO()
    call_command("reset_password", "agent", stdout=printed)
    link = printed.getvalue().split()[-1]
    form = Client().get(link, follow=True)
    assert 'name="password1"' in form.content.decode()
    browser = Client()
    path = browser.get(link, follow=True).request["PATH_INFO"]
    chosen = {"password1": "a long way to the sea", "password2": "a long way to the sea"}
    assert browser.post(path, chosen).headers["Location"] == "/"
    assert browser.get("/account/").status_code == 200
    assert 'name="password1"' not in Client().get(link, follow=True).content.decode()


def test_says_that_there_is_no_such_user(db: None) -> None:
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("reset_password", "nobody")
