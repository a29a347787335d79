"""Addresses of the overview and of the page about the model."""

from django.urls import path

from webportal.insights import views

app_name = "insights"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("model/", views.model, name="model"),
]
