"""What is asked when a contact, a note or a task is written down."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from webportal.accounts.models import User
from webportal.common.presentation import PlainForm
from webportal.desk.models import Channel, Outcome, Reason, TaskReason
from webportal.desk.models.contacts import LONGEST_NOTE, LONGEST_OFFER, LONGEST_WORDS
from webportal.desk.models.tasks import LONGEST_TASK

OLDEST_CONTACT_DAYS = 30
FURTHEST_DUE_DAYS = 366
BY_HAND = (TaskReason.CALL_BACK, TaskReason.FOLLOW_UP)
"""Reasons that a person gives; the worklist gives the other."""


class NamedForm(PlainForm):
    """One of several forms on a page: the ids of its fields begin with its name."""

    name = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a form's own
        super().__init__(*args, **{"auto_id": f"{self.name}-%s", **kwargs})


class TokenForm(NamedForm):
    """A form that counts once, however often it is sent: its token names the row that the first time makes."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, **initial: Any) -> Self:  # noqa: ANN401 - values of any field
        """Return an empty form with a token of its own."""
        return cls(initial={"token": uuid4(), **initial})


def check_contact_time(at: datetime) -> None:
    """Refuse, with a `ValidationError`, what is still to come, and what is long ago."""
    now = timezone.now()
    if at > now:
        raise forms.ValidationError(_("This time is still to come."))
    if at < now - timedelta(days=OLDEST_CONTACT_DAYS):
        raise forms.ValidationError(_("This is more than %(n)d days ago.") % {"n": OLDEST_CONTACT_DAYS})


class ContactForm(TokenForm):
    """A contact; the button that sends the form gives the outcome."""

    name = "contact"
    channel = forms.ChoiceField(label=gettext_lazy("How"), choices=Channel.choices, widget=forms.RadioSelect)
    offered = forms.CharField(label=gettext_lazy("What was offered"), max_length=LONGEST_OFFER, required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("not said")), *Reason.choices], required=False
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When, if not now (UTC)"),
        required=False,
        validators=[check_contact_time],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Outcome.choices)


class NoteForm(TokenForm):
    """A note."""

    name = "note"
    words = forms.CharField(
        label=gettext_lazy("Note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )


class DueField(forms.DateField):
    """A day from today on, within a year."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - a date or None
        """Refuse days that have passed or are far away."""
        due = super().clean(value)
        today = timezone.now().date()
        if due and not today <= due <= today + timedelta(days=FURTHEST_DUE_DAYS):
            raise forms.ValidationError(_("Name a day from today on, within a year."))
        return due


class TaskForm(NamedForm):
    """A task made by hand."""

    name = "task"
    why = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(reason.value, reason.label) for reason in BY_HAND])
    due_on = DueField(label=gettext_lazy("On"))
    what = forms.CharField(label=gettext_lazy("What to do"), max_length=LONGEST_TASK, required=False)
    mine = forms.BooleanField(label=gettext_lazy("I do it myself"), required=False)

    @classmethod
    def fresh(cls, today: date) -> Self:
        """Return a form for a call tomorrow by whoever makes it."""
        return cls(initial={"due_on": today + timedelta(days=1), "mine": True})


class BulkForm(PlainForm):
    """Whom to give chosen customers and tasks to, if there is anybody, and by when; what is left empty stays."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Give to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody new"),
    )
    due_on = DueField(label=gettext_lazy("Due"), required=False)

    def __init__(self, *args: Any, agents: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a form's own
        super().__init__(*args, **kwargs)
        if agents.exists():
            self.fields["to"].queryset = agents  # type: ignore[attr-defined] # a model's choices
        else:
            del self.fields["to"]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one of the two."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not asked.get("to") and not asked.get("due_on"):
            raise forms.ValidationError(_("Choose somebody, a day, or both."))
        return asked
