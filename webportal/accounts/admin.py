"""Users in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django_plotly_dash.models import DashApp, StatelessApp

from webportal.accounts.models import User

admin.site.register(User, UserAdmin)

# Rows that django-plotly-dash keeps for itself: nothing an administrator should find beside the users.
admin.site.unregister([DashApp, StatelessApp])
