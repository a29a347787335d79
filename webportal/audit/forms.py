"""What is asked before the audit answers."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH
from webportal.audit.models import AuditEvent, Kind
from webportal.common.personal_data import identifiers_of


class AuditSearchForm(forms.Form):
    """Who, whom, what and when; every part may be left empty."""

    who = forms.CharField(label=_("Who (user name)"), required=False, max_length=150)
    whom = forms.CharField(label=_("Whom (customer number)"), required=False, max_length=MAX_NUMBER_LENGTH)
    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("anything")), *Kind.choices])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def found(self) -> QuerySet[AuditEvent]:
        """Return the events that meet every part, newest first; a form with errors finds none."""
        if not self.is_valid():
            return AuditEvent.objects.none()
        return AuditEvent.objects.filter(_condition(self.cleaned_data))


class ExportForm(AuditSearchForm):
    """A search, and what its result is for."""

    purpose = forms.CharField(label=_("Purpose"), max_length=500, strip=True)


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
