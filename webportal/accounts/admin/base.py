"""Bulk actions that ask first and act on confirmation, and form fields with one entry a line."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise

Run = Callable[[HttpRequest, Sequence[Any], str], str]
"""Acts on the rows with the words that were asked for, and returns what to tell."""

SHOWN = 200


def confirmed(
    *, title: str | Promise, warning: str | Promise, run: Run, asks: str | Promise = "", permission: str = "change"
) -> Callable[..., HttpResponse | None]:
    """Return an admin action that first shows a page with the rows and `warning`.

    Args:
        title: name of the action and of its page.
        warning: what it does, for who is about to confirm.
        run: what it does.
        asks: label of a field to be filled in (a purpose), if there is one.
        permission: what the user must be allowed to do with the rows.
    """

    @admin.action(description=title, permissions=[permission])  # type: ignore[arg-type] # any lazy text will do
    def action(
        modeladmin: "admin.ModelAdmin[Any]", request: HttpRequest, queryset: QuerySet[Model]
    ) -> HttpResponse | None:
        words = request.POST.get("asked", "").strip()
        if "confirmed" not in request.POST or (asks and not words):
            return _page(modeladmin, request, queryset)
        try:
            modeladmin.message_user(request, run(request, list(queryset), words), messages.SUCCESS)
        except ValidationError as refusal:
            modeladmin.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return None

    def _page(modeladmin: "admin.ModelAdmin[Any]", request: HttpRequest, queryset: QuerySet[Model]) -> HttpResponse:
        if not modeladmin.has_view_permission(request):
            raise PermissionDenied
        context = {
            **modeladmin.admin_site.each_context(request),
            "title": title,
            "warning": warning,
            "asks": asks,
            "rows": queryset[:SHOWN],
            "count": queryset.count(),
            "action": request.POST.get("action", ""),
            "selected": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
            "opts": modeladmin.model._meta,
        }
        return TemplateResponse(request, "admin/confirm.html", context)

    action.__name__ = run.__name__.lstrip("_")
    return action


class LinesField(forms.CharField):
    """A text area whose value is the list of its lines: stripped, each once, blank ones left out."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override] # noqa: ANN401 - a list in place of a text
        """Read lines as a list."""
        lines = (line.strip() for line in (value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ANN401 - Django's signature
        """Compare lists, whatever the white space between their entries."""
        return list(initial or []) != self.to_python(data)
