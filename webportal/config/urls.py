"""Every address of the portal.

All but login, password reset, invitation, card and what machines watch (`healthz`, `readyz`, `metrics`) need a
signed-in user (LoginRequiredMiddleware), those of the API a token, and the card a signed address.
"""

from django.contrib import admin
from django.urls import include, path

from webportal.accounts.urls import ALLAUTH
from webportal.api.urls import CRM
from webportal.common.error_pages import healthz
from webportal.insights.dash_app import dash_patterns

urlpatterns = [
    path("", include("webportal.insights.urls")),
    path("", include("webportal.customers.urls")),
    path("", include("webportal.saved_filters.urls")),
    path("", include("webportal.desk.urls")),
    path("", include("webportal.accounts.urls")),
    *ALLAUTH,
    path("charts/", include((dash_patterns(), "the_django_plotly_dash"))),  # the name django-plotly-dash reverses
    path("admin/", admin.site.urls),
    path("api/", include("webportal.api.urls")),
    path("", include(CRM)),
    path("", include("webportal.alerts.urls")),
    path("healthz", healthz, name="healthz"),
    path("", include("webportal.operations.urls")),
]

handler400 = "webportal.common.error_pages.bad_request"
handler403 = "webportal.common.error_pages.forbidden"
handler404 = "webportal.common.error_pages.not_found"
handler500 = "webportal.common.error_pages.failure"
