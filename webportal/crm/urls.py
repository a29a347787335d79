"""Addresses that other systems open."""

from django.urls import path

from webportal.common.headers import CARD_PATHS
from webportal.crm import views

app_name = "crm"

urlpatterns = [
    path("pop/", views.pop, name="pop"),
    path("pop/<path:number>/", views.pop, name="pop_number"),
    path(f"{CARD_PATHS.strip('/')}/<str:signed>/", views.card, name="card"),
]
