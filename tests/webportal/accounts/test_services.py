import pytest

from webportal.accounts.models import User
from webportal.accounts.roles import Role
from webportal.accounts.services import create_first_users, generate_password, reset_password

pytestmark = pytest.mark.django_db


def test_creates_an_agent_and_an_administrator_who_can_sign_in() -> None:
    created = create_first_users()
    assert [user.username for user in created] == ["agent", "admin"]
    stored = {user.username: user for user in User.objects.all()}
    assert all(stored[user.username].check_password(user.password) for user in created)
    assert [stored[name].role for name in ("agent", "admin")] == [Role.AGENT, Role.ADMINISTRATOR]


def test_creates_nobody_twice() -> None:
    create_first_users()
    assert create_first_users() == []
    assert User.objects.count() == 2


def test_creates_only_who_is_missing() -> None:
    User.objects.create_user("agent", password="kept")
    assert [user.username for user in create_first_users()] == ["admin"]
    assert User.objects.get(username="agent").check_password("kept")


def test_passwords_are_long_and_never_the_same() -> None:
    passwords = {generate_password() for _ in range(100)}
    assert len(passwords) == 100
    assert min(map(len, passwords)) >= 20


def test_resets_the_password_of_one_user(agent: User, administrator: User) -> None:
    fresh = reset_password(username="agent")
    agent.refresh_from_db()
    administrator.refresh_from_db()
    assert fresh.username == "agent"
    assert agent.check_password(fresh.password)
    assert administrator.check_password("battery staple")


def test_does_not_reset_who_does_not_exist() -> None:
    with pytest.raises(User.DoesNotExist):
        reset_password(username="nobody")
