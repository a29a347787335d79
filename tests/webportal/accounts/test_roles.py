import pytest

from webportal.accounts.models import User
from webportal.accounts.roles import RIGHTS, Right, Role, has_model_permission, has_right


def test_every_role_has_its_rights_written_down() -> None:
    assert set(RIGHTS) == set(Role)


def test_analysts_alone_see_no_personal_data() -> None:
    assert [role for role in Role if not has_right(role, Right.SEE_PERSONAL_DATA)] == [Role.ANALYST]


def test_administrators_alone_administer_and_supervisors_alone_manage_a_team() -> None:
    assert [role for role in Role if has_right(role, Right.ADMINISTER)] == [Role.ADMINISTRATOR]
    assert [role for role in Role if has_right(role, Right.MANAGE_TEAM)] == [Role.SUPERVISOR]


def test_an_unknown_role_may_nothing() -> None:
    assert not any(has_right("emperor", right) for right in Right)


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        (Role.AGENT, "accounts.view_user", False),
        (Role.ANALYST, "accounts.view_user", False),
        (Role.SUPERVISOR, "accounts.change_user", True),
        (Role.SUPERVISOR, "accounts.add_user", False),
        (Role.SUPERVISOR, "accounts.delete_user", False),
        (Role.SUPERVISOR, "accounts.change_team", False),
        (Role.SUPERVISOR, "audit.view_auditevent", False),
        (Role.SUPERVISOR, "privacy.view_erasedcustomer", False),
        (Role.ADMINISTRATOR, "accounts.delete_user", True),
        (Role.ADMINISTRATOR, "audit.view_auditevent", True),
        (Role.ADMINISTRATOR, "audit.change_auditevent", False),
        (Role.ADMINISTRATOR, "audit.delete_auditevent", False),
    ],
)
def test_model_permissions_follow_from_the_role(role: Role, permission: str, allowed: bool) -> None:
    assert has_model_permission(role, permission) is allowed


def test_who_is_not_active_may_nothing() -> None:
    user = User(username="gone", role=Role.ADMINISTRATOR, is_active=False)
    assert not any(user.has_right(right) for right in Right)
    assert not user.is_staff
    assert not user.has_perm("accounts.view_user")
