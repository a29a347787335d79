"""The admin site: Django's, behind the portal's login page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class EncoreAdminSite(AdminSite):
    """Users, teams, settings, audit and privacy, for administrators; supervisors find the users of their team."""

    site_header = _("Encore administration")
    site_title = _("Encore administration")
    index_title = _("Users, rules and records")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send anonymous visitors to the portal's login, and tell signed-in agents that this is not for them."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path.removesuffix("login/")))

    def password_change(  # type: ignore[override] # a redirect in place of a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the one page where passwords are changed."""
        return redirect("account_change_password")

    def password_change_done(  # type: ignore[override] # a redirect in place of a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead there as well."""
        return redirect("account_change_password")
