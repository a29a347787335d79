"""Addresses for machines that watch the portal."""

from django.urls import path

from webportal.operations.metrics import metrics
from webportal.operations.readiness import readyz

urlpatterns = [
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
