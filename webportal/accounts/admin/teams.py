"""Teams with their scopes, and invitations, in the admin."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spark_assets.contracts import OTHERS
from webportal.accounts.admin.base import LinesField
from webportal.accounts.invitations import invite
from webportal.accounts.models import Invitation, ScopedCustomer, Team, User
from webportal.accounts.roles import Role
from webportal.accounts.scope_levels import registered_levels
from webportal.accounts.services import set_listed_customers
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import is_wellformed
from webportal.common.values import LEVELS, MAX_LENGTHS, in_order, level_label


class TeamForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """A team with its scope."""

    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Levels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Team._meta.get_field("levels").help_text,
    )
    places = LinesField(
        label=gettext_lazy("Places"), required=False, help_text=Team._meta.get_field("places").help_text
    )
    listed = LinesField(
        label=gettext_lazy("Customer numbers"),
        required=False,
        help_text=gettext_lazy("One a line. They count when “only listed customers” is set."),
    )

    class Meta:
        model = Team
        fields = ("name", "levels", "places", "by_list")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a form's own
        super().__init__(*args, **kwargs)
        levels = self.fields["levels"]
        assert isinstance(levels, forms.MultipleChoiceField)  # noqa: S101 - narrows the type
        levels.choices = [(level, level_label(level)) for level in _levels(self.instance)]
        if self.instance.pk:
            numbers = self.instance.listed.order_by("customer_number").values_list("customer_number", flat=True)
            self.initial["listed"] = list(numbers)

    def clean_places(self) -> list[str]:
        """Refuse what is no place."""
        places: list[str] = self.cleaned_data["places"]
        if any(len(place) > MAX_LENGTHS["location"] for place in places):
            raise forms.ValidationError(_("A place has at most %(n)d characters.") % {"n": MAX_LENGTHS["location"]})
        return places

    def clean_listed(self) -> list[str]:
        """Refuse what cannot be a customer number, and say which line it is."""
        numbers: list[str] = self.cleaned_data["listed"]
        for line, number in enumerate(numbers, start=1):
            if not is_wellformed(number):
                raise forms.ValidationError(_("Line %(line)d is not a customer number.") % {"line": line})
        return numbers


def _levels(team: Team) -> list[str]:
    """Return what a scope may name: the usual levels, the registered ones, and what the team has."""
    named = [*LEVELS, *registered_levels(), *team.levels]
    return [level for level in in_order(named, LEVELS) if level != OTHERS]


def _record_shown(request: HttpRequest, teams: Iterable[Team]) -> None:
    listed = ScopedCustomer.objects.filter(team__in=[team.pk for team in teams]).order_by("customer_number")
    numbers = list(listed.values_list("customer_number", flat=True).distinct())
    if numbers:
        record(Kind.SEARCHED, request=request, subjects=numbers, details={"typed": "list of a team"})


class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Teams, with whom they see in one line."""

    form = TeamForm
    list_display = ("name", "scope", "members")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name",)}),
        (
            gettext_lazy("Scope"),
            {
                "fields": ("levels", "places", "by_list", "listed"),
                "description": gettext_lazy(
                    "The users of the team see the customers who meet every part that is set. "
                    "If nothing is set, they see ALL customers."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """Count users and listed customers along."""
        teams: QuerySet[Team] = super().get_queryset(request)
        counted: QuerySet[Team] = teams.annotate(
            user_count=Count("users", distinct=True), listed_count=Count("listed", distinct=True)
        )
        return counted

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:  # noqa: ANN401 - Django's signature
        """Save the team and its list."""
        super().save_model(request, obj, form, change)
        set_listed_customers(team=obj, numbers=form.cleaned_data["listed"])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a team, and note who is on its list."""
        team = self.get_object(request, object_id)
        if team is not None and request.method == "GET" and self.has_view_permission(request, team):
            _record_shown(request, [team])
        return super().change_view(request, object_id, form_url, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:  # noqa: ANN401 - Django's own
        """Note whom the page shows that asks before a deletion: it names who is on the lists."""
        if "post" not in request.POST:
            _record_shown(request, objs)
        return super().get_deleted_objects(objs, request)

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        """Delete a team, its list first, so that the audit names who was on it."""
        set_listed_customers(team=obj, numbers=[])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        """Delete several."""
        for team in queryset:
            self.delete_model(request, team)

    @admin.display(description=gettext_lazy("sees"))
    def scope(self, team: Team) -> str:
        """Say the scope in words."""
        if team.sees_all:
            return _("all customers")
        parts = [", ".join(level_label(level) for level in team.levels), "; ".join(team.places)]
        if team.by_list:
            parts.append(_("%(n)d listed customers") % {"n": getattr(team, "listed_count", 0)})
        return " · ".join(filter(None, parts))

    @admin.display(description=gettext_lazy("users"), ordering="user_count")
    def members(self, team: Team) -> int:
        """Count its users."""
        return getattr(team, "user_count", 0)


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Whom to invite, as what, into which team."""

    class Meta:
        model = Invitation
        fields = ("email", "role", "team")

    def clean_email(self) -> str:
        """Refuse somebody who is here already."""
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("A user with this e-mail address exists."))
        return email


class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Who was invited, and whether they came."""

    form = InvitationForm
    list_display = ("email", "role", "team", "invited_by", "sent_at", "expires_at", "state")
    list_filter = ("role", "team")
    list_select_related = ("team", "invited_by")
    search_fields = ("email",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """Show a supervisor the invitations into the own team alone."""
        invitations = super().get_queryset(request)
        viewer = request.user
        if isinstance(viewer, User) and viewer.is_administrator:
            return invitations
        team = viewer.team_id if isinstance(viewer, User) else None
        return invitations.filter(team_id=team) if team is not None else invitations.none()

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:  # noqa: ANN401 - Django's own
        """Supervisors invite agents into their own team: there is nothing to choose."""
        administers = isinstance(request.user, User) and request.user.is_administrator
        return ["email", "role", "team"] if administers else ["email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A supervisor without a team has nowhere to invite to."""
        viewer = request.user
        placed = isinstance(viewer, User) and (viewer.is_administrator or viewer.team_id is not None)
        return placed and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """What was sent cannot be changed."""
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:  # noqa: ANN401 - Django's signature
        """Send the invitation."""
        viewer = request.user
        if not isinstance(viewer, User):
            return
        role, team = (obj.role, obj.team) if viewer.is_administrator else (Role.AGENT, viewer.team)
        link = request.build_absolute_uri(reverse("accounts:invited", args=["TOKEN"])).replace("TOKEN", "{token}")
        sent = invite(email=obj.email, role=role, team=team, invited_by=viewer, link=link)
        obj.pk = sent.pk
        note = _("The mail to %(email)s goes out within a minute or two. Until it has, it stands under Deliveries.")
        messages.info(request, note % {"email": obj.email})

    @admin.display(description=gettext_lazy("state"))
    def state(self, invitation: Invitation) -> str:
        """Say what became of it."""
        if invitation.used_at:
            return _("used")
        return _("open") if invitation.expires_at > timezone.now() else _("expired")
