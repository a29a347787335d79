"""What is asked of who watches a segment, and of who sets up a webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import OTHERS
from webportal.alerts.models import Watch, Webhook
from webportal.common.values import LEVELS, in_order, level_label
from webportal.customers.current import current_levels

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
        named = [("", _("any level")), *((level, level_label(level)) for level in levels)]
        self.fields["level"].widget = forms.Select(choices=named)
        webhook = self.fields["webhook"]
        assert isinstance(webhook, forms.ModelChoiceField)  # noqa: S101 - a foreign key
        webhook.queryset, webhook.empty_label = Webhook.objects.filter(is_active=True), str(_("none"))


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """Where alerts go. The secret is written, never shown."""

    address = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("HTTPS, and a public host, unless this installation's settings name the host."),
    )
    secret = forms.CharField(
        label=_("Secret"),
        min_length=LEAST_SECRET,
        max_length=MOST_SECRET,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 24 characters; both sides need it to check signatures. Empty: it stays as it is."),
    )

    class Meta:
        model = Webhook
        fields = ("name", "address", "takes_customers", "is_active")

    def clean_secret(self) -> str:
        """Ask for a secret where there is none yet."""
        secret: str = self.cleaned_data["secret"]
        if not secret and not self.instance.sealed_secret:
            raise forms.ValidationError(_("A webhook needs a secret."))
        return secret

    def save(self, commit: bool = True) -> Webhook:
        """Keep a new secret, encrypted."""
        if self.cleaned_data["secret"]:
            self.instance.secret = self.cleaned_data["secret"]
        saved: Webhook = super().save(commit)
        return saved
