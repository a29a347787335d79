"""Users of before the roles keep their names and passwords, and get the role that fits."""

import pytest
from django.conf import settings

from tests.webportal.browser.harness import manage, scratch_database, url_of
from tests.webportal.scratch import environment, rows

ADD = (
    "insert into accounts_user (username, password, first_name, last_name, email, is_superuser, is_staff, is_active,"
    " date_joined) values (%s, %s, '', '', '', %s, %s, true, now())"
)


@pytest.mark.parametrize("back_and_forth", [False, True])
def test_superusers_become_administrators_and_others_agents(back_and_forth: bool) -> None:
    with scratch_database(url_of(settings.DATABASES["default"])) as url:
        manage(environment(url), "migrate", "-v", "0", "accounts", "0001")
        rows(url, ADD, "chief", "argon2$a", True, True)
        rows(url, ADD, "staff", "argon2$b", False, True)
        rows(url, ADD, "caller", "argon2$c", False, False)
        manage(environment(url), "migrate", "-v", "0", "accounts")
        if back_and_forth:
            manage(environment(url), "migrate", "-v", "0", "accounts", "0001")
            manage(environment(url), "migrate", "-v", "0", "accounts")
        found = rows(url, "select username, password, role, team_id from accounts_user order by username")
    assert found == [
        ("caller", "argon2$c", "agent", None),
        ("chief", "argon2$a", "administrator", None),
        ("staff", "argon2$b", "agent", None),
    ]
