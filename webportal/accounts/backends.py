"""Who a session belongs to, in one query with all that a request needs to know about them."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, Subquery

from webportal.accounts.models import DeskSettings, User


class DeskBackend(ModelBackend):
    """Django's check of name and password; a user comes with team, second factor and rules: pages ask no more."""

    def get_user(self, user_id: Any) -> User | None:  # noqa: ANN401 - Django's signature
        """Return the user with `has_second_factor` and what the desk settings ask beside it, or None."""
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        desk = DeskSettings.objects.filter(singleton=1)
        users = User.objects.select_related("team").annotate(
            has_second_factor=Exists(totp),
            second_factor_roles=Subquery(desk.values("second_factor_roles")[:1]),
            hold_out_percent=Subquery(desk.values("hold_out_percent")[:1]),
            export_roles=Subquery(desk.values("export_roles")[:1]),
        )
        user = users.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def lacks_second_factor(user: User) -> bool:
    """Tell whether the role of a user that `DeskBackend` loaded needs a second factor which the user has not."""
    asked = getattr(user, "second_factor_roles", None)
    roles = settings.SECOND_FACTOR_ROLES if asked is None else asked
    return user.role in roles and not getattr(user, "has_second_factor", False)
