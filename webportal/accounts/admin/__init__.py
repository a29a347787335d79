"""Users, teams, invitations and settings in the admin."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django_plotly_dash.models import DashApp, StatelessApp

from webportal.accounts.admin.desk_settings import DeskSettingsAdmin
from webportal.accounts.admin.teams import InvitationAdmin, TeamAdmin
from webportal.accounts.admin.users import UserAdmin
from webportal.accounts.models import DeskSettings, Invitation, Team, User

admin.site.register(User, UserAdmin)
admin.site.register(Team, TeamAdmin)
admin.site.register(Invitation, InvitationAdmin)
admin.site.register(DeskSettings, DeskSettingsAdmin)

INTERNAL: tuple[type[models.Model], ...] = (
    AccessAttempt,
    AccessFailureLog,
    AccessLog,
    Authenticator,
    DashApp,
    EmailAddress,
    Group,
    StatelessApp,
    UserSession,
)
"""What libraries keep for themselves: nothing an administrator should find beside the users."""

for model in INTERNAL:
    if admin.site.is_registered(model):
        admin.site.unregister(model)
