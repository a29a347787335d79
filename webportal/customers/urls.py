"""Addresses of the search, the list and the customer page."""

from django.urls import path

from webportal.customers.detail.views import detail
from webportal.customers.listing.views import customers, export, places
from webportal.customers.search_views import search, suggest

app_name = "customers"

urlpatterns = [
    path("search/", search, name="search"),
    path("search/suggest/", suggest, name="suggest"),
    path("customers/", customers, name="list"),
    path("customers.csv", export, name="export"),  # below `customers/` it could be somebody's number
    path("places/", places, name="places"),
    path("customers/<customer:number>/", detail, name="detail"),
]
