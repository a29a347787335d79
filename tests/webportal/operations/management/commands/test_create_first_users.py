import re
from io import StringIO

import pytest
from django.core.management import call_command

from webportal.accounts.models import User

pytestmark = pytest.mark.django_db


def test_prints_one_line_a_user_the_first_time_and_nothing_the_second() -> None:
    first, second = StringIO(), StringIO()
    call_command("create_first_users", stdout=first)
    call_command("create_first_users", stdout=second)
    assert re.fullmatch(r"agent \S{20,}\nadmin \S{20,}\n", first.getvalue())
    assert second.getvalue() == ""


def test_prints_the_passwords_that_were_set() -> None:
    printed = StringIO()
    call_command("create_first_users", stdout=printed)
    for line in printed.getvalue().splitlines():
        name, password = line.split()
        assert User.objects.get(username=name).check_password(password)
