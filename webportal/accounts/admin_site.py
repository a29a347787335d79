"""The admin site: Django's, behind the portal's login page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class EncoreAdminSite(AdminSite):
    """Users and groups, for administrators."""

    site_header = _("Encore administration")
    site_title = _("Encore administration")
    index_title = _("Users and groups")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send anonymous visitors to the portal's login, and tell signed-in agents that this is not for them."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path.removesuffix("login/")))
