"""What is asked before a customer is exported or erased."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH
from webportal.common.customer_numbers import is_wellformed


class PersonForm(forms.Form):
    """Whom it is about, and why."""

    number = forms.CharField(label=gettext_lazy("Customer number"), max_length=MAX_NUMBER_LENGTH)
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        max_length=500,
        help_text=gettext_lazy("For the audit: who asked for it, and where that is filed."),
    )

    def clean_number(self) -> str:
        """Refuse what cannot be a customer number."""
        number: str = self.cleaned_data["number"]
        if not is_wellformed(number):
            raise forms.ValidationError(_("This is not a customer number."))
        return number


class ErasureForm(PersonForm):
    """The same, with the number typed a second time: there is no way back."""

    again = forms.CharField(label=gettext_lazy("Customer number again"), max_length=MAX_NUMBER_LENGTH)

    def clean_again(self) -> str:
        """Refuse a number that differs."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("number"):
            raise forms.ValidationError(_("The two numbers differ."))
        return again
