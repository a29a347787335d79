"""Users in the admin: all of them for administrators, those of the own team for supervisors."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from webportal.accounts.admin.user_actions import ACTIONS, MANAGED_BY_SUPERVISORS
from webportal.accounts.models import User
from webportal.accounts.roles import Role
from webportal.accounts.services import REFUSAL, check_administrator_remains

DESK = gettext_lazy("At the desk")
PERSON = gettext_lazy("Person")
DATES = gettext_lazy("Dates")


class UserForm(UserChangeForm):  # type: ignore[type-arg] # not generic at run time
    """A user, with a word in time before the last administrator goes."""

    class Meta:
        model = User
        fields = "__all__"  # the admin's fieldsets choose

    def clean(self) -> dict[str, Any]:
        """Refuse to demote or deactivate the last administrator."""
        chosen = super().clean() or self.cleaned_data
        role = chosen.get("role", self.instance.role)
        active = chosen.get("is_active", self.instance.is_active)
        if self.instance.pk and (role != Role.ADMINISTRATOR or not active):
            check_administrator_remains([self.instance.pk])
        return chosen


class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg] # not generic at run time
    """Searchable users; what a supervisor may touch is decided here, row by row and field by field."""

    form = UserForm
    add_form = AdminUserCreationForm
    list_display = ("username", "email", "role", "team", "is_active", "last_login")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("team",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    autocomplete_fields = ("team",)
    readonly_fields = ("last_login", "date_joined")
    actions = ACTIONS
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (PERSON, {"fields": ("first_name", "last_name", "email")}),
        (DESK, {"fields": ("role", "team", "is_active")}),
        (DATES, {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (DESK, {"fields": ("email", "role", "team")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Show a supervisor the users of the own team alone, and note which of them may be managed."""
        users: QuerySet[User] = super().get_queryset(request)
        viewer = request.user
        if isinstance(viewer, User) and viewer.is_administrator:
            return users.annotate(manageable=Value(True))
        users = users.annotate(manageable=Q(role__in=MANAGED_BY_SUPERVISORS))
        team = viewer.team_id if isinstance(viewer, User) else None
        return users.filter(team_id=team) if team is not None else users.none()

    def action_checkbox(self, obj: User) -> SafeString:
        """Offer no box beside somebody whom the viewer does not manage: every action would be refused."""
        return super().action_checkbox(obj) if obj.manageable else SafeString()  # type: ignore[attr-defined] # annotated

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer roles to administrators alone, who alone may give them."""
        actions: dict[str, Any] = super().get_actions(request)
        given = {f"make_{role}" for role in Role}
        return {name: action for name, action in actions.items() if name not in given or _administers(request)}

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:  # noqa: ANN401 - Django's own
        """Leave the password out for supervisors: they never set one, they send a link."""
        if _administers(request):
            return super().get_fieldsets(request, obj)
        return (
            (None, {"fields": ("username",)}),
            (PERSON, {"fields": ("first_name", "last_name", "email")}),
            (DESK, {"fields": ("role", "name_of_team", "is_active")}),
            (DATES, {"fields": ("last_login", "date_joined")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Let a supervisor change names and whether a user is active; the address would let them take the account."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if _administers(request) else (*fixed, "username", "email", "role", "name_of_team")

    @admin.display(description=gettext_lazy("team"))
    def name_of_team(self, user: User) -> str:
        """Name the team without a link: its page is for administrators."""
        return str(user.team or "-")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Keep supervisors from each other and from themselves: they manage agents and analysts."""
        allowed: bool = super().has_change_permission(request, obj)
        if not allowed or obj is None or _administers(request):
            return allowed
        return obj.role in MANAGED_BY_SUPERVISORS

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's own
        """Say on the confirmation page that the last administrator stays."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        try:
            check_administrator_remains(user.pk for user in objs)
        except ValidationError:
            protected = [*protected, str(REFUSAL)]
        return deleted, counts, needed, protected

    def response_action(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Lead out of the admin those who have given themselves a role without a place in it."""
        response = super().response_action(request, queryset)
        return _led_out(request) or response

    def response_change(self, request: HttpRequest, obj: User) -> HttpResponse:
        """Lead them out here as well."""
        response = super().response_change(request, obj)
        return _led_out(request) or response

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: ANN401 - Django's own
        """Set a password: for administrators alone."""
        if not _administers(request):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)


def _led_out(request: HttpRequest) -> HttpResponse | None:
    viewer = User.objects.filter(pk=str(request.user.pk), is_active=True).first()  # who is out meets the login
    left = viewer is not None and not viewer.has_module_perms(User._meta.app_label)
    return redirect("insights:overview") if left else None


def _administers(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_administrator
