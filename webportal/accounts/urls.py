"""Addresses of one's own account and of the way in.

Those that allauth reverses by name stand in `ALLAUTH`, outside any namespace: only the pages that Encore uses exist.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from webportal.accounts import views

app_name = "accounts"

urlpatterns = [
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", views.overview, name="overview"),
    path("account/keys/", views.single_keys, name="single_keys"),
    path("account/sessions/<int:session_id>/end/", views.end_session, name="end_session"),
    path("account/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("invitation/", views.accept_invitation, name="accept"),
    path("invitation/<str:token>/", views.invited, name="invited"),
]

ALLAUTH = [
    path("login/", account.login, name="account_login"),
    path("signup/", account.signup, name="account_signup"),  # says that there is none; allauth asks for its address
    path("login/code/", mfa.authenticate, name="mfa_authenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-factor/", views.overview, name="mfa_index"),
    path("account/second-factor/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("password/", account.password_reset, name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/saved/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
