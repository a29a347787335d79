"""Saving filters, and the page to rename and delete them."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from webportal.accounts.models import User
from webportal.filters.forms import NameForm, SaveForm
from webportal.filters.models import Audience
from webportal.filters.selectors import filters_visible_to, menu_for
from webportal.filters.services import delete_filter, rename_filter, save_filter

BAD_REQUEST = 400


def load_menu(request: HttpRequest, page: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the menu above the list: saved filters, and the form to save the one in force."""
    save_form = SaveForm(viewer=request.user, initial={"query": page["asked"].query})
    return {"saved": menu_for(request.user), "save_form": save_form}


def overview(request: HttpRequest) -> HttpResponse:
    """Show the filters that the user finds."""
    return render(request, "filters/overview.html", {"saved": menu_for(request.user)})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the filter of a list and lead back to it."""
    form = SaveForm(request.POST, viewer=request.user)
    if not form.is_valid():
        return render(request, "filters/save.html", {"form": form}, status=BAD_REQUEST)
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
