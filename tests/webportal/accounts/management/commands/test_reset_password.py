from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from webportal.accounts.models import User


def test_prints_the_fresh_password(agent: User) -> None:
    printed = StringIO()
    call_command("reset_password", "agent", stdout=printed)
    name, password = printed.getvalue().split()
    agent.refresh_from_db()
    assert name == "agent"
    assert agent.check_password(password)


def test_says_that_there_is_no_such_user(db: None) -> None:
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("reset_password", "nobody")
