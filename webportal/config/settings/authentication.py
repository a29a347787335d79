"""Settings of logins, sessions and second factors; `base` takes them all in."""

import os
from datetime import timedelta

from django.urls import reverse_lazy

from webportal.config.environment import number

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses who is locked out, before a password is even looked at
    "webportal.accounts.authentication.DeskBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of earlier versions: rewritten at the next login
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "webportal.accounts.authentication.MaximumLengthValidator"},
    {"NAME": "webportal.accounts.authentication.BreachedPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds

LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("insights:overview")
LOGOUT_REDIRECT_URL = LOGIN_URL

# Sessions. The cookie's own age is the absolute limit; `SessionLimitsMiddleware` ends what is idle or too old.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = number("ENCORE_IDLE_MINUTES", 60, least=1, greatest=24 * 60) * 60
SESSION_COOKIE_AGE = number("ENCORE_SESSION_HOURS", 12, least=1, greatest=24 * 7) * 3600

# Roles that need a second factor until an administrator says otherwise in the admin.
SECOND_FACTOR_ROLES: list[str] = []

ACCOUNT_ADAPTER = "webportal.accounts.authentication.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from administrators
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else anybody has us write to any address; the page says the same to all
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail when a password or a second factor was changed
ACCOUNT_SESSION_REMEMBER = True  # the session's age is ours to limit, see above
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # a way in that no lockout closes; the second factor is asked all the same
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the session at hand stays; the others end, since their hash no longer fits
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds since the password was last asked, before a second factor is changed
ACCOUNT_RATE_LIMITS = {
    "login": "240/m/ip",  # a whole office begins its day behind one address; what a guesser may fail comes next
    "login_failed": "60/m/ip,10/5m/key",  # of a user's second factor; of passwords by name and address, as axes
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "webportal.accounts.authentication.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Encore"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s either way, for clocks of phones that are off (RFC 6238, 5.2)
MFA_FORMS = {
    "activate_totp": "webportal.accounts.second_factor.FirstCodeForm",
    "authenticate": "webportal.accounts.second_factor.CodeForm",
    "reauthenticate": "webportal.accounts.second_factor.CodeAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
USERSESSIONS_TRACK_ACTIVITY = False  # a write a request; when a session began is enough

AXES_ENABLED = True
AXES_HANDLER = "webportal.accounts.authentication.DeskLockout"
AXES_FAILURE_LIMIT = 5  # of one name from one address: of the name alone, anybody could keep its owner out
AXES_ADDRESS_FAILURE_LIMIT = 50  # a whole office may sit behind one address
AXES_NAME_FAILURE_LIMIT = 30  # from everywhere; those who logged in from an address lately are let in from there
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = False  # `lockout` forgives name and address alone: a good login must not clear the others
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the audit has it
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "webportal.accounts.authentication.address_of"
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_SENSITIVE_PARAMETERS = ["password", "password1", "password2", "code", "csrfmiddlewaretoken", "login"]

DEFAULT_FROM_EMAIL = os.environ.get("ENCORE_MAIL_FROM", "encore@localhost")
