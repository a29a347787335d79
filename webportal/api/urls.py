"""Addresses of the API, and those that other systems open."""

from django.urls import path, re_path

from webportal.api import contacts, screen_pop, views
from webportal.common.headers import CARD_PATHS

app_name = "api"

urlpatterns = [
    path("v1/customers/", views.CustomersEndpoint.as_view(), name="customers"),
    path("v1/customers/<customer:number>/contacts/", contacts.ContactsEndpoint.as_view(), name="contacts"),
    path("v1/customers/<customer:number>/history/", views.HistoryEndpoint.as_view(), name="history"),
    path("v1/customers/<customer:number>/card/", views.CardEndpoint.as_view(), name="card"),
    path("v1/customers/<customer:number>/", views.CustomerEndpoint.as_view(), name="customer"),
    path("v1/snapshot/", views.SnapshotEndpoint.as_view(), name="snapshot"),
    path("v1/schema/", views.SchemaEndpoint.as_view(), name="schema"),
    path("v1/docs/", views.reference, name="docs"),
    re_path(r"^(?P<rest>.*)$", views.NothingEndpoint.as_view(), name="nothing"),
]

CRM = (
    [
        path("pop/", screen_pop.pop, name="pop"),
        path("pop/<path:number>/", screen_pop.pop, name="pop_number"),
        path(f"{CARD_PATHS.strip('/')}/<str:signed>/", screen_pop.card, name="card"),
    ],
    "crm",
)
"""Addresses at the root of the portal, with their namespace."""
