"""Addresses of the search and the customer page."""

from django.urls import path

from webportal.customers import views

app_name = "customers"

urlpatterns = [
    path("search/", views.search, name="search"),
    # `path`, since a malformed number may hold a slash and still gets the page that says so.
    path("customers/<path:number>/", views.detail, name="detail"),
]
