"""Addresses of the overview."""

from django.urls import path

from webportal.insights import views

app_name = "insights"

urlpatterns = [path("", views.overview, name="overview")]
