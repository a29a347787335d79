"""Forms of saved filters."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from webportal.common.forms import PlainForm
from webportal.customers.addresses import canonical
from webportal.filters.models import LONGEST_NAME, LONGEST_QUERY, Audience
from webportal.filters.selectors import audiences_of


class NameForm(PlainForm):
    """A name, without the spaces around it."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)


class SaveForm(NameForm):
    """A filter to be saved: its name, the address it stands for, and for whom."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_QUERY, required=False)
    audience = forms.ChoiceField(label=_("For"))

    def __init__(self, *args: object, viewer: object, **kwargs: object) -> None:
        """Offer the audiences that `viewer` may share with."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # Django's own
        allowed = audiences_of(viewer)
        self.fields["audience"].choices = [(each.value, each.label) for each in allowed]  # type: ignore[attr-defined] # a choice field
        self.fields["audience"].initial = Audience.OWNER.value

    def clean_query(self) -> str:
        """Return the address's query in the one way that we write it."""
        query = canonical(self.cleaned_data["query"])
        if query is None:
            raise ValidationError(_("This is no filter of the list."))
        return query
