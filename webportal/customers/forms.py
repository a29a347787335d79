"""The form before an export of a list."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    """What the file is for; the audit keeps it beside the customers who are in the file."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=500,
        strip=True,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text=_("What the file is for, and who gets it. The audit keeps this with the customers in the file."),
    )
