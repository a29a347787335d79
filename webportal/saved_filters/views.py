"""Forms of saved filters."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from webportal.accounts.models import User
from webportal.common.presentation import PlainForm
from webportal.customers.listing.filters import canonical
from webportal.saved_filters.models import LONGEST_NAME, LONGEST_QUERY, Audience
from webportal.saved_filters.services import (
    audiences_of,
    delete_filter,
    filters_visible_to,
    menu_for,
    rename_filter,
    save_filter,
)


class NameForm(PlainForm):
    """A name, without the spaces around it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)


class SaveForm(NameForm):
    """A filter to be saved: its name, the address it stands for, and for whom."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_QUERY, required=False)
    audience = forms.ChoiceField(label=gettext_lazy("For"))

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
            raise ValidationError(gettext_lazy("This is no filter of the list."))
        return query


BAD_REQUEST = 400


def load_menu(request: HttpRequest, page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the menu above the list: saved filters, and the form to save the one in force."""
    save_form = SaveForm(viewer=request.user, initial={"query": page["asked"].query})
    return {"saved": menu_for(request.user), "save_form": save_form}


def overview(request: HttpRequest) -> HttpResponse:
    """Show the filters that the user finds."""
    return render(request, "saved_filters/overview.html", {"saved": menu_for(request.user)})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the filter of a list and lead back to it."""
    form = SaveForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return render(request, "saved_filters/save.html", {"form": form}, status=BAD_REQUEST)
    found = form.cleaned_data
    saved = save_filter(
        owner=cast(User, request.user), name=found["name"], query=found["query"], audience=Audience(found["audience"])
    )
    messages.success(request, _("Saved as “%(name)s”.") % {"name": saved.name})
    address = reverse("customers:list")
    return redirect(f"{address}?{saved.query}" if saved.query else address)


@require_POST
def rename(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Give a filter another name."""
    saved = get_object_or_404(filters_visible_to(request.user), pk=filter_id)
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A filter needs a name of at most 80 signs."))
    elif rename_filter(by=cast(User, request.user), saved=saved, name=form.cleaned_data["name"]):
        messages.success(request, _("Renamed to “%(name)s”.") % {"name": saved.name})
    else:
        messages.error(request, _("There is a filter of this name already."))
    return redirect("filters:overview")


@require_POST
def delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Delete a filter."""
    saved = get_object_or_404(filters_visible_to(request.user), pk=filter_id)
    delete_filter(by=cast(User, request.user), saved=saved)
    messages.success(request, _("“%(name)s” is gone.") % {"name": saved.name})
    return redirect("filters:overview")
