"""Tokens in the admin: made for a user, shown once, revoked, never changed."""

from collections.abc import Sequence
from datetime import timedelta

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from webportal.accounts.admin.base import confirmed
from webportal.api.models import ApiToken
from webportal.api.tokens import LONGEST_LIFE, NewToken, create_token, revoke_tokens

USUAL_DAYS = 90


class NewTokenForm(forms.ModelForm):  # type: ignore[type-arg] # takes none when run
    """For whom, for what, and for how long."""

    days = forms.IntegerField(label=_("Lives for (days)"), min_value=1, max_value=LONGEST_LIFE.days, initial=USUAL_DAYS)

    class Meta:
        model = ApiToken
        fields = ("owner", "name")


def _revoke(request: HttpRequest, tokens: Sequence[ApiToken], words: str) -> str:
    count = revoke_tokens(tokens)
    return ngettext("%d token was revoked.", "%d tokens were revoked.", count) % count


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # takes none when run
    """Administrators make and revoke tokens; nobody reads one again."""

    form = NewTokenForm
    list_display = ("prefix", "name", "owner", "state", "created_at", "expires_at", "last_used_at")
    list_select_related = ("owner",)
    search_fields = ("prefix", "name", "owner__username")
    ordering = ("-created_at",)
    autocomplete_fields = ("owner",)
    actions = (
        confirmed(
            title=_("Revoke the selected tokens"),
            warning=_("Programs with these tokens are locked out at once, and for good."),
            run=_revoke,
            permission="add",
        ),
    )

    @admin.display(description=_("State"))
    def state(self, token: ApiToken) -> str:
        """Return whether the token opens anything, and if not, why."""
        if token.revoked_at is not None:
            return str(_("revoked"))
        return str(_("live")) if token.is_live(timezone.now()) else str(_("expired"))

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Forbid changes: another owner or a later end would be another token."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Forbid deletion: a revoked token can still be told from an unknown one."""
        return False

    def save_model(
        self, request: HttpRequest, obj: ApiToken, form: "forms.BaseModelForm[ApiToken]", change: bool
    ) -> None:
        """Make the token; its text stays with the form until this answer is written."""
        lifetime = timedelta(days=form.cleaned_data["days"])
        made = create_token(owner=form.cleaned_data["owner"], name=form.cleaned_data["name"], lifetime=lifetime)
        obj.pk, obj.prefix, obj.expires_at = made.token.pk, made.token.prefix, made.token.expires_at
        request.encore_new_token = made  # type: ignore[attr-defined] # handed to response_add, within this request

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        """Show the text, once: not by way of a message, which would be kept in a cookie until it is read."""
        made: NewToken = request.encore_new_token  # type: ignore[attr-defined] # set by save_model
        context = {**self.admin_site.each_context(request), "title": _("A new token"), "made": made, "opts": self.opts}
        return TemplateResponse(request, "admin/api/apitoken/created.html", context)
