"""Addresses of saved filters."""

from django.urls import path

from webportal.saved_filters import views

app_name = "filters"

urlpatterns = [
    path("filters/", views.overview, name="overview"),
    path("filters/save/", views.save, name="save"),
    path("filters/<int:filter_id>/rename/", views.rename, name="rename"),
    path("filters/<int:filter_id>/delete/", views.delete, name="delete"),
]
