"""What is asked of who watches a segment, and of who sets up a webhook."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from spark_assets.contracts import OTHERS
from webportal.accounts.models import User
from webportal.accounts.roles import Right
from webportal.alerts.models import Alert, Watch, Webhook
from webportal.alerts.selectors import inbox_of, watches_of
from webportal.alerts.services import end_watch, watch_customer, watch_of, watch_segment
from webportal.audit.models import Kind
from webportal.audit.services import record
from webportal.common.customer_numbers import is_wellformed
from webportal.common.values import LEVELS, in_order, level_label
from webportal.customers.current_snapshot import current_levels, current_snapshot
from webportal.customers.selectors import get_customer

LEAST_SECRET, MOST_SECRET = 24, 200


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Which segment, and by which ways."""

    class Meta:
        model = Watch
        fields = ("band", "level", "place", "webhook", "by_mail")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a form's own
        super().__init__(*args, **kwargs)
        self.fields["band"].required = True
        levels = [level for level in in_order([*LEVELS, *current_levels()], LEVELS) if level != OTHERS]
        named = [("", gettext_lazy("any level")), *((level, level_label(level)) for level in levels)]
        self.fields["level"].widget = forms.Select(choices=named)
        webhook = self.fields["webhook"]
        assert isinstance(webhook, forms.ModelChoiceField)  # noqa: S101 - a foreign key
        webhook.queryset, webhook.empty_label = Webhook.objects.filter(is_active=True), str(gettext_lazy("none"))


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Where alerts go. The secret is written, never shown."""

    address = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("HTTPS, and a public host, unless this installation's settings name the host."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        min_length=LEAST_SECRET,
        max_length=MOST_SECRET,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least 24 characters; both sides need it to check signatures. Empty: it stays as it is."
        ),
    )

    class Meta:
        model = Webhook
        fields = ("name", "address", "takes_customers", "is_active")

    def clean_secret(self) -> str:
        """Ask for a secret where there is none yet."""
        secret: str = self.cleaned_data["secret"]
        if not secret and not self.instance.sealed_secret:
            raise forms.ValidationError(gettext_lazy("A webhook needs a secret."))
        return secret

    def save(self, commit: bool = True) -> Webhook:
        """Keep a new secret, encrypted."""
        if self.cleaned_data["secret"]:
            self.instance.secret = self.cleaned_data["secret"]
        saved: Webhook = super().save(commit)
        return saved


LONGEST_ID = 18


def load_button(request: HttpRequest, page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the button on the customer page that begins or ends to watch."""
    return {"watch": watch_of(request.user, page["customer"].customer_number)}


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show one's own alerts, a page at a time."""
    user, before = cast(User, request.user), request.GET.get("before", "")
    is_id = before.isdecimal() and len(before) <= LONGEST_ID
    found = inbox_of(user, current_snapshot(request), int(before) if is_id else None)
    if found.numbers:
        record(Kind.SEARCHED, request=request, subjects=found.numbers, details={"typed": "alerts"})
    return render(request, "alerts/inbox.html", {"inbox": found})


@require_POST
def read(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Mark one alert as read."""
    alert = get_object_or_404(Alert, pk=alert_id, owner=cast(User, request.user))
    Alert.objects.filter(pk=alert.pk, read_at=None).update(read_at=timezone.now())
    return redirect("alerts:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own alerts as read."""
    Alert.objects.filter(owner=cast(User, request.user), read_at=None).update(read_at=timezone.now())
    return redirect("alerts:inbox")


def watches(request: HttpRequest) -> HttpResponse:
    """Show what one watches; supervisors and administrators add segments here."""
    user = cast(User, request.user)
    may_add = user.has_right(Right.WATCH_SEGMENTS)
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    form = SegmentForm(request.POST if request.method == "POST" else None) if may_add else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            watch_segment(user=user, watch=form.save(commit=False))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("You watch this segment now."))
            return redirect("alerts:watches")
    found = watches_of(user, current_snapshot(request))
    numbers = [watch.customer_number for watch in found if watch.customer_number]
    if numbers:
        record(Kind.SEARCHED, request=request, subjects=numbers, details={"typed": "watches"})
    status = 400 if request.method == "POST" else 200
    return render(request, "alerts/watches.html", {"watches": found, "form": form}, status=status)


@require_POST
def watch(request: HttpRequest) -> HttpResponse:
    """Begin to watch a customer, and go back to their page."""
    number, snapshot = request.POST.get("number", ""), current_snapshot(request)
    if snapshot is None or not is_wellformed(number):
        raise Http404
    try:
        if watch_customer(user=cast(User, request.user), snapshot=snapshot, number=number) is None:
            raise Http404
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("alerts:watches")
    return redirect("customers:detail", number=number)


@require_POST
def end(request: HttpRequest, watch_id: int) -> HttpResponse:
    """End one of one's own watches; from a customer's page one goes back there."""
    found = get_object_or_404(Watch, pk=watch_id, owner=cast(User, request.user))
    end_watch(watch=found)
    snapshot, number = current_snapshot(request), found.customer_number
    if number and "back" in request.POST and snapshot and get_customer(request.user, snapshot, number):
        return redirect("customers:detail", number=number)
    return redirect("alerts:watches")
