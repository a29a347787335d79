"""What was written down at the desk, for administrators to look up: nothing is added, changed or deleted here."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.customers.numbers import tidy
from webportal.desk.models import Contact, Note, Task


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """A list searched by customer number. Rights come from `accounts.roles`; whoever is listed is in the audit."""

    search_fields = ("customer_number__exact",)
    show_full_result_count = False
    list_select_related = True
    list_per_page = 50

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:  # noqa: ANN401 - Django's signature
        """Find a number that came along with a space or a `#`."""
        return super().get_search_results(request, queryset, tidy(search_term))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list, and note who is on it."""
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            _note(request, [row.customer_number for row in shown["cl"].result_list], Kind.SEARCHED)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one row, and note whom it is about."""
        row = self.get_object(request, object_id)
        if row is not None and self.has_view_permission(request, row):
            _note(request, [row.customer_number], Kind.VIEWED)
        return super().change_view(request, object_id, form_url, extra_context)


def _note(request: HttpRequest, numbers: Sequence[str], kind: Kind) -> None:
    if numbers:
        record(kind, request=request, subjects=sorted(set(numbers)))


class ContactAdmin(ReadOnlyAdmin):
    """Contacts, those that were corrected included."""

    list_display = ("customer_number", "at", "channel", "outcome", "risk_band", "held_out", "agent", "standing")
    list_filter = ("outcome", "channel", "standing", "held_out")


class NoteAdmin(ReadOnlyAdmin):
    """Notes, those that got other words or were withdrawn included."""

    list_display = ("customer_number", "written_at", "edited_at", "withdrawn_at", "agent", "standing")
    list_filter = ("standing",)


class TaskAdmin(ReadOnlyAdmin):
    """Tasks, closed ones included."""

    list_display = ("customer_number", "reason", "due_on", "assignee", "state", "closing", "created_by")
    list_filter = ("state", "reason")


admin.site.register(Contact, ContactAdmin)
admin.site.register(Note, NoteAdmin)
admin.site.register(Task, TaskAdmin)
