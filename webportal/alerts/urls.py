"""Addresses of alerts and watches."""

from django.urls import path

from webportal.alerts import views

app_name = "alerts"

urlpatterns = [
    path("alerts/", views.inbox, name="inbox"),
    path("alerts/read/", views.read_all, name="read_all"),
    path("alerts/<int:alert_id>/read/", views.read, name="read"),
    path("alerts/watch/", views.watch, name="watch"),
    path("alerts/watches/", views.watches, name="watches"),
    path("alerts/watches/<int:watch_id>/end/", views.end, name="end"),
]
