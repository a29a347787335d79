"""Addresses for machines that watch the portal."""

from django.urls import path

from webportal.operations.probes import metrics, readyz

urlpatterns = [
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
