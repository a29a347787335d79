"""The user of the portal, and invitations to become one."""

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models.desk_settings import default_export_roles
from webportal.accounts.models.team import Team
from webportal.accounts.roles import Right, Role, has_model_permission, has_right


class Invitation(models.Model):
    """A link that was sent by e-mail, good for one user and a limited time. Of its secret only a hash is kept."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.AGENT)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.CASCADE, null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("good until"), editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.used_at is None and timezone.now() < self.expires_at


class UserManager(BaseUserManager["User"]):
    """Makes users; the names are those that Django and its commands call."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - columns of any type
        """Create a user, an agent unless `role` says otherwise; without a password nobody can sign in with it."""
        user = self.model(username=self.model.normalize_username(username), email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - columns of any type
        """Create an administrator."""
        return self.create_user(username, email, password, role=Role.ADMINISTRATOR, **fields)


class User(AbstractBaseUser):
    """Somebody who may sign in. What they may do follows from `role` alone, whom they may see from `team` as well."""

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        help_text=_("At most 150 letters, digits and @ . + - _"),
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("A user with this name exists.")},
    )
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("Where links for a new password go; without one there are none.")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.AGENT, db_index=True)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        help_text=_("Decides which customers this user sees. Without a team: all of them."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Take this away instead of deleting users: the audit goes on naming them."),
    )
    single_keys = models.BooleanField(_("single keys"), default=True, db_default=True, editable=False)
    """Whether a letter alone leads somewhere on pages; who speaks to the computer switches it off (WCAG 2.1.4)."""
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known")]

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """First name: how the admin greets."""
        return self.first_name

    def has_right(self, right: Right) -> bool:
        """Tell whether this user may do something."""
        return self.is_active and has_right(self.role, right)

    @property
    def is_administrator(self) -> bool:
        """Whether this user may manage everything."""
        return self.has_right(Right.ADMINISTER)

    @property
    def works_at_desk(self) -> bool:
        """Whether this user works the list and records contacts: templates ask."""
        return self.has_right(Right.WORK)

    @property
    def is_staff(self) -> bool:
        """Whether the admin is open to this user: Django asks."""
        return self.has_right(Right.ADMINISTER) or self.has_right(Right.MANAGE_TEAM)

    @property
    def sees_personal_data(self) -> bool:
        """Whether this user sees names and numbers, or pseudonyms in their place: templates ask."""
        return self.has_right(Right.SEE_PERSONAL_DATA)

    @property
    def exports_lists(self) -> bool:
        """Whether this user may download lists of customers, as the desk's settings say: templates ask."""
        asked = getattr(self, "export_roles", None)  # loaded with a request's user, see `DeskBackend`
        return self.is_active and self.role in (default_export_roles() if asked is None else asked)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Answer Django's admin from the role."""
        return self.is_active and has_model_permission(self.role, perm)

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        """Answer Django's admin from the role."""
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        """Tell whether the admin shows an app at all."""
        return self.is_administrator or (self.has_right(Right.MANAGE_TEAM) and app_label == "accounts")
