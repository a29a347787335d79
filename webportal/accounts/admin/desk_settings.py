"""The settings of the desk in the admin: one page, nothing to add or delete."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import DeskSettings
from webportal.accounts.roles import Role
from webportal.audit.services import last_retention

MAX_WORTH = 1_000
_WORTH = re.compile(r"\d{1,4}(\.\d{1,6})?")


class WorthsField(forms.CharField):
    """Levels and their worth, one a line, as a dictionary."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Show a dictionary as lines."""
        return "\n".join(f"{level} {worth:g}" for level, worth in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> dict[str, float]:  # type: ignore[override] # noqa: ANN401 - a dictionary
        """Read lines; a level may hold spaces, so its worth is the last word."""
        found: dict[str, float] = {}
        for number, line in enumerate((value or "").splitlines(), start=1):
            level, _space, worth = line.strip().rpartition(" ")
            if not line.strip():
                continue
            if not level or not _WORTH.fullmatch(worth) or float(worth) > MAX_WORTH:
                words = _("Line %(line)d is not of the form “family 2.5”, with a worth of 0 to 1000.")
                raise forms.ValidationError(words % {"line": number})
            found[" ".join(level.split())] = float(worth)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ANN401 - Django's signature
        """Compare what is said, whatever the white space."""
        try:
            return (initial or {}) != self.to_python(data)
        except forms.ValidationError:
            return True


class DeskSettingsForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """The settings, roles as boxes to tick."""

    second_factor_roles = forms.MultipleChoiceField(
        label=_("Roles that need a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=DeskSettings._meta.get_field("second_factor_roles").help_text,
    )

    export_roles = forms.MultipleChoiceField(
        label=_("Roles that export lists of customers"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=DeskSettings._meta.get_field("export_roles").help_text,
    )

    worths = WorthsField(
        label=_("Worth of single levels"),
        required=False,
        help_text=DeskSettings._meta.get_field("worths").help_text,
    )

    class Meta:
        model = DeskSettings
        fields = (
            "second_factor_roles",
            "export_roles",
            "exports_a_day",
            "hold_out_percent",
            "rest_days",
            "fatigue_days",
            "fatigue_contacts",
            "worth_paid",
            "worth_free",
            "worths",
            "invitation_hours",
            "keep_audit_days",
            "keep_invitation_days",
            "keep_work_days",
        )


class DeskSettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Shows the one row at once; the defaults of this installation until it was saved."""

    form = DeskSettingsForm
    readonly_fields = ("retention",)

    @admin.display(description=_("Too old data were last deleted"))
    def retention(self, obj: DeskSettings) -> str:
        """Say when retention was last applied."""
        at = last_retention()
        return date_format(localtime(at), "DATETIME_FORMAT") if at else gettext("never: is the follower running?")

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
