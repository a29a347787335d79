"""Addresses of the search, the list and the customer page."""

from django.urls import path

from webportal.customers import list_views, search_views, views

app_name = "customers"

urlpatterns = [
    path("search/", search_views.search, name="search"),
    path("search/suggest/", search_views.suggest, name="suggest"),
    path("customers/", list_views.customers, name="list"),
    path("customers.csv", list_views.export, name="export"),  # below `customers/` it could be somebody's number
    path("places/", list_views.places, name="places"),
    path("customers/<customer:number>/", views.detail, name="detail"),
]
