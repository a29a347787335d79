"""The audit in the admin: searched and exported, never changed; and the notes of admins about customers."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH
from webportal.audit.models import AuditEvent, Kind
from webportal.audit.services import record
from webportal.common.csv_export import csv_response
from webportal.common.personal_data import identifiers_of


class AuditSearchForm(forms.Form):
    """Who, whom, what and when; every part may be left empty."""

    who = forms.CharField(label=gettext_lazy("Who (user name)"), required=False, max_length=150)
    whom = forms.CharField(label=gettext_lazy("Whom (customer number)"), required=False, max_length=MAX_NUMBER_LENGTH)
    kind = forms.ChoiceField(
        label=gettext_lazy("What"), required=False, choices=[("", gettext_lazy("anything")), *Kind.choices]
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def found(self) -> QuerySet[AuditEvent]:
        """Return the events that meet every part, newest first; a form with errors finds none."""
        if not self.is_valid():
            return AuditEvent.objects.none()
        return AuditEvent.objects.filter(_condition(self.cleaned_data))


class ExportForm(AuditSearchForm):
    """A search, and what its result is for."""

    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=500, strip=True)


def _condition(asked: dict[str, Any]) -> Q:
    condition = Q()
    if asked["who"]:
        condition &= Q(actor=asked["who"].strip())
    if asked["whom"]:
        condition &= Q(subjects__overlap=identifiers_of(asked["whom"].strip()))
    if asked["kind"]:
        condition &= Q(kind=asked["kind"])
    if asked["since"]:
        condition &= Q(at__gte=_midnight(asked["since"]))
    if asked["until"]:
        condition &= Q(at__lt=_midnight(asked["until"]) + timedelta(days=1))
    return condition


def _midnight(day: Any) -> datetime:  # noqa: ANN401 - a date of the form
    return timezone.make_aware(datetime.combine(day, time.min))


HEADER = ["when", "who", "from", "what", "whom", "purpose", "page", "details"]
_CHUNK = 2_000


def events_as_csv(events: QuerySet[AuditEvent], sent: Callable[[list[str]], None]) -> StreamingHttpResponse:
    """Return a download of `events`, read and sent chunk by chunk; before each, `sent` is told whom it names."""
    return csv_response("encore-audit.csv", HEADER, _rows(events, sent))


def _rows(events: QuerySet[AuditEvent], sent: Callable[[list[str]], None]) -> Iterator[list[object]]:
    found = events.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(found, _CHUNK)):
        numbers = sorted({subject for event in chunk for subject in event.subjects})
        if numbers:
            sent(numbers)
        for event in chunk:
            yield _cells(event)


def _cells(event: AuditEvent) -> list[object]:
    return [
        event.at.isoformat(),
        event.actor,
        event.address,
        event.kind,
        " ".join(event.subjects),
        event.purpose,
        event.path,
        json.dumps(event.details, ensure_ascii=False, sort_keys=True),
    ]


PAGE_SIZE = 100
SUBJECTS_SHOWN = 10


class CustomerRowsAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """A list of rows that have a customer number: the audit names the customers whom its pages show."""

    row_kind = Kind.VIEWED
    """Kind of the event when one row is shown."""

    audit_details: Mapping[str, str] = {}
    """Facts of each event beside its subjects."""

    def note(self, request: HttpRequest, numbers: Iterable[str], kind: Kind = Kind.SEARCHED) -> None:
        """Write one event about the customers shown; none when these are none."""
        if subjects := sorted(set(numbers)):
            record(kind, request=request, subjects=subjects, details=self.audit_details)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list, and note who is on it."""
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            self.note(request, [row.customer_number for row in shown["cl"].result_list])
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one row, and note whom it is about."""
        row = self.get_object(request, object_id)
        if row is not None and self.has_view_permission(request, row):
            self.note(request, [row.customer_number], self.row_kind)
        return super().change_view(request, object_id, form_url, extra_context)


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
        shown = sorted({subject for event in page[:PAGE_SIZE] for subject in event.subjects[:SUBJECTS_SHOWN]})
        if shown:
            record(Kind.SEARCHED, request=request, subjects=shown, details={"typed": "audit"})
        asked = request.GET.copy()
        asked.pop(PAGE_VAR, None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Audit"),
            "form": form,
            "events": page[:PAGE_SIZE],
            "subjects_shown": f":{SUBJECTS_SHOWN}",
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
        purpose = form.cleaned_data["purpose"]
        subjects = [asked["whom"]] if "whom" in asked else []
        record(Kind.EXPORTED, request=request, subjects=subjects, purpose=purpose, details=asked)

        def sent(numbers: list[str]) -> None:
            record(Kind.EXPORTED, request=request, subjects=numbers, purpose=purpose, details={**asked, "step": "sent"})

        return events_as_csv(form.found(), sent)

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
