"""What is asked before a customer is exported or erased."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spark_assets.contracts.limits import MAX_NUMBER_LENGTH
from webportal.audit.admin import CustomerRowsAdmin
from webportal.audit.models import Kind
from webportal.audit.services import record, who_looked_at
from webportal.common.customer_numbers import is_wellformed
from webportal.privacy.models import ErasedCustomer
from webportal.privacy.services import as_zip, erase, everything_about


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


LOOKS_SHOWN = 500


class ErasedCustomerAdmin(CustomerRowsAdmin):
    """Who was erased; `person/` is where administrators export, erase, and see who looked."""

    list_display = ("customer_number", "erased_at", "erased_by", "reason")
    search_fields = ("customer_number",)
    list_filter = ("erased_at",)
    row_kind = Kind.SEARCHED  # nothing of the customer is left to be viewed
    audit_details = {"typed": "privacy"}
    change_list_template = "admin/privacy/erased.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the pages about one person."""
        guard = self.admin_site.admin_view
        return [
            path("person/", guard(self.person), name="privacy_person"),
            path("person/export/", guard(self.export), name="privacy_export"),
            path("person/erase/", guard(self.erase), name="privacy_erase"),
            *super().get_urls(),
        ]

    def person(self, request: HttpRequest) -> TemplateResponse:
        """Ask for a number; show who looked at this customer, and offer export and erasure."""
        self._check(request)
        number = request.GET.get("number", "").strip()
        looked = list(who_looked_at(number)[: LOOKS_SHOWN + 1]) if is_wellformed(number) else []
        self.note(request, [number] if looked else [])
        return self._page(request, number, looked=looked, asked=bool(number))

    def export(self, request: HttpRequest) -> HttpResponse:
        """Send everything about a customer as a zip."""
        self._check(request)
        form = PersonForm(request.POST)
        if request.method != "POST" or not form.is_valid():
            return self._again(request, form)
        number = form.cleaned_data["number"]
        record(Kind.EXPORTED, request=request, subjects=[number], purpose=form.cleaned_data["purpose"])
        response = HttpResponse(as_zip(number, everything_about(number)), content_type="application/zip")
        response.headers["Content-Disposition"] = 'attachment; filename="encore-person.zip"'
        return response

    def erase(self, request: HttpRequest) -> HttpResponse:
        """Erase a customer whose number was typed twice."""
        self._check(request)
        form = ErasureForm(request.POST)
        if request.method != "POST" or not form.is_valid():
            return self._again(request, form)
        erased = erase(
            number=form.cleaned_data["number"], reason=form.cleaned_data["purpose"], by=request.user.get_username()
        )
        told = _("Erased from %(n)d snapshots. The lake follows with the next run, and nothing is loaded again.")
        messages.success(request, told % {"n": erased["snapshots"]})
        return redirect("admin:privacy_erasedcustomer_changelist")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Erasing is what adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401 - Django's signature
        """Nothing is to be changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401 - Django's signature
        """Nobody leaves the list: the next run would bring them back."""
        return False

    def _again(self, request: HttpRequest, form: PersonForm) -> HttpResponse:
        if request.method != "POST":
            return redirect("admin:privacy_person")
        number = request.POST.get("number", "").strip()
        return self._page(request, number, asked=bool(number), errors=form.errors, status=400)

    def _page(self, request: HttpRequest, number: str, *, status: int = 200, **context: Any) -> TemplateResponse:  # noqa: ANN401 - for a template
        shared = {**self.admin_site.each_context(request), "title": _("A customer's data"), "number": number}
        opts = {"opts": ErasedCustomer._meta, "export_form": PersonForm(), "erasure_form": ErasureForm()}
        return TemplateResponse(request, "admin/privacy/person.html", {**shared, **opts, **context}, status=status)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


admin.site.register(ErasedCustomer, ErasedCustomerAdmin)
