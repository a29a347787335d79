"""Forms that take a one-time code: each code opens once, which the database sees to."""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.core.exceptions import ValidationError
from django.db import transaction

from webportal.accounts.models import SpentCode, User


def step_of(secret: str, code: str) -> int | None:
    """Return the time step that `code` belongs to by `secret`, one of those accepted now, or None."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None


class _SingleUse:
    """Takes codes one after the other, and none of a time step that was spent, nor an older one."""

    user: User
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return the code, spent. Of two requests with one code the later waits for the earlier, and finds it spent."""
        with transaction.atomic():
            refusal = self._take()  # raised outside: the note of a failure in the audit must stay
        if refusal is not None:
            raise refusal
        return str(self.cleaned_data["code"])

    def _take(self) -> ValidationError | None:
        locked = Authenticator.objects.select_for_update().filter(user=self.user).order_by("pk")
        totp = next((each for each in locked if each.type == Authenticator.Type.TOTP), None)
        step = step_of(decrypt(totp.data["secret"]), self.cleaned_data["code"]) if totp else None
        if totp and step is not None and SpentCode.objects.filter(user=self.user, step__gte=step).exists():
            self._emit_authentication_failed(totp)  # type: ignore[attr-defined] # of the form beside it
            return _refusal()
        try:
            super().clean_code()  # type: ignore[misc] # of the form beside it
        except ValidationError as refused:
            return refused
        if self.authenticator.type == Authenticator.Type.TOTP:
            if step is None:  # the clock has just moved on
                return _refusal()
            SpentCode.objects.update_or_create(user=self.user, defaults={"step": step})
        return None


def _refusal() -> ValidationError:
    refusal: ValidationError = get_adapter().validation_error("incorrect_code")
    return refusal


class CodeForm(_SingleUse, AuthenticateForm):  # type: ignore[misc] # untyped library
    """The code that a login asks for."""


class CodeAgainForm(_SingleUse, ReauthenticateForm):  # type: ignore[misc] # untyped library
    """The code that is asked for again before something grave."""


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc] # untyped library
    """The code that switches a second factor on; it is spent by that. Codes of a former secret bar none of this one."""

    def clean_code(self) -> str:
        """Return the code, spent."""
        code: str = super().clean_code()
        step = step_of(self.secret, code)
        if step is None:  # the clock has just moved on
            raise _refusal()
        SpentCode.objects.update_or_create(user=self.user, defaults={"step": step})
        return code
