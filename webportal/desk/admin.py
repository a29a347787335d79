"""What was written down at the desk, for administrators to look up: nothing is added, changed or deleted here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from webportal.audit.admin import CustomerRowsAdmin
from webportal.common.customer_numbers import tidy
from webportal.desk.models import Contact, Note, Task


class DeskRowsAdmin(CustomerRowsAdmin):
    """A list searched by customer number. Rights come from `accounts.roles`."""

    search_fields = ("customer_number__exact",)
    show_full_result_count = False
    list_select_related = True
    list_per_page = 50

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:  # noqa: ANN401 - Django's signature
        """Find a number as it is, blanks within it included, and one that came along with a `#`."""
        exact = search_term.strip()
        return (queryset.filter(customer_number__in={exact, tidy(exact)}) if exact else queryset), False


class ContactAdmin(DeskRowsAdmin):
    """Contacts, those that were corrected or withdrawn included."""

    list_display = (
        "customer_number",
        "at",
        "channel",
        "outcome",
        "risk_band",
        "held_out",
        "agent",
        "withdrawn_at",
        "standing",
    )
    list_filter = ("outcome", "channel", "standing", "held_out")


class NoteAdmin(DeskRowsAdmin):
    """Notes, those that got other words or were withdrawn included."""

    list_display = ("customer_number", "written_at", "edited_at", "withdrawn_at", "agent", "standing")
    list_filter = ("standing",)


class TaskAdmin(DeskRowsAdmin):
    """Tasks, closed ones included."""

    list_display = ("customer_number", "reason", "due_on", "assignee", "state", "closing", "created_by")
    list_filter = ("state", "reason")


admin.site.register(Contact, ContactAdmin)
admin.site.register(Note, NoteAdmin)
admin.site.register(Task, TaskAdmin)
