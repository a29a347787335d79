"""The audit in the admin: to be searched and exported, never changed."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from webportal.audit.exporting import events_as_csv
from webportal.audit.forms import AuditSearchForm, ExportForm
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record

PAGE_SIZE = 100


class AuditEventAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """A search by who, whom, what and when in place of Django's list, whose count and search would read the table."""

    def get_urls(self) -> list[URLPattern]:
        """Offer the search and its export, and nothing that Django would add."""
        guard = self.admin_site.admin_view
        return [
            path("", guard(self.search), name="audit_auditevent_changelist"),
            path("export/", guard(self.export), name="audit_auditevent_export"),
        ]

    def search(self, request: HttpRequest) -> TemplateResponse:
        """Show what a search finds, a page at a time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditSearchForm(request.GET)
        page = _page(form, request.GET.get(PAGE_VAR, ""))
        asked = request.GET.copy()
        asked.pop(PAGE_VAR, None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Audit"),
            "form": form,
            "events": page[:PAGE_SIZE],
            "newer": asked.urlencode() if request.GET.get(PAGE_VAR) else "",
            "older": page[PAGE_SIZE - 1] if len(page) > PAGE_SIZE else None,
            "asked": asked.urlencode(),
            "opts": AuditEvent._meta,
        }
        return TemplateResponse(request, "admin/audit/search.html", context)

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Send what a search finds as CSV; whoever asks says what for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = ExportForm(request.POST)
        if request.method != "POST" or not form.is_valid():
            messages.error(request, _("Say what the export is for."))
            return redirect("admin:audit_auditevent_changelist")
        asked = {name: str(value) for name, value in form.cleaned_data.items() if value and name != "purpose"}
        subjects = [asked["whom"]] if "whom" in asked else []
        record(Kind.EXPORTED, request=request, subjects=subjects, purpose=form.cleaned_data["purpose"], details=asked)
        return events_as_csv(form.found())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes the audit by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401 - Django's signature
        """Nobody changes it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401 - Django's signature
        """Nobody deletes from it."""
        return False


def _page(form: AuditSearchForm, before: str) -> list[AuditEvent]:
    """Return the events of a page and one more; `before` is the id of the last event of the page before it."""
    events = form.found().order_by("-id")
    if before.isdecimal() and len(before) < 19:
        events = events.filter(id__lt=int(before))
    return list(events[: PAGE_SIZE + 1])


admin.site.register(AuditEvent, AuditEventAdmin)
