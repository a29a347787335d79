"""Invitations in the admin: adding one sends it, deleting one withdraws it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from webportal.accounts.invitations import invite
from webportal.accounts.models import Invitation, User
from webportal.accounts.roles import Role


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
