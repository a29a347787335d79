"""Forms of the pages around one's own account."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import Invitation, User


class AcceptForm(forms.Form):
    """What somebody who was invited chooses: a name and a password."""

    username = forms.CharField(
        label=_("User name"), max_length=150, validators=[UnicodeUsernameValidator()], strip=True
    )
    password1 = forms.CharField(label=_("Password"), widget=forms.PasswordInput, strip=False)
    password2 = forms.CharField(label=_("Password again"), widget=forms.PasswordInput, strip=False)

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:  # noqa: ANN401 - a form's own
        self.invitation = invitation
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_username(self) -> str:
        """Refuse a name that is taken, in whatever case."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("A user with this name exists."))
        return username

    def clean(self) -> dict[str, Any]:
        """Refuse passwords that differ or are weak."""
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = chosen.get("password1"), chosen.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        elif first:
            try:
                validate_password(first, User(username=chosen.get("username", ""), email=self.invitation.email))
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return chosen
