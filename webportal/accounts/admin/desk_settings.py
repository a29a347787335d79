"""The settings of the desk in the admin: one page, nothing to add or delete."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import DeskSettings
from webportal.accounts.roles import Role


class DeskSettingsForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """The settings, roles as boxes to tick."""

    second_factor_roles = forms.MultipleChoiceField(
        label=_("Roles that need a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=DeskSettings._meta.get_field("second_factor_roles").help_text,
    )

    class Meta:
        model = DeskSettings
        fields = (
            "second_factor_roles",
            "hold_out_percent",
            "rest_days",
            "fatigue_days",
            "fatigue_contacts",
            "worth_paid",
            "worth_free",
            "invitation_hours",
            "keep_audit_days",
            "keep_invitation_days",
            "keep_work_days",
        )


class DeskSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Shows the one row at once; the defaults of this installation until it was saved."""

    form = DeskSettingsForm

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the one page there is."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return redirect("admin:accounts_desksettings_change", 1)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> DeskSettings | None:
        """Return the row or its defaults."""
        return DeskSettings.current() if object_id == "1" else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a second row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DeskSettings | None = None) -> bool:
        """Nobody deletes it."""
        return False
