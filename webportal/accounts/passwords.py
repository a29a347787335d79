"""What makes a password weak, beside Django's own checks."""

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128
_FILLING = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "
_LOOK_ALIKES = str.maketrans("@4301!5$7", "aaeolisst")


class MaximumLengthValidator:
    """Refuses what is longer than anybody types: hashing it would keep the server busy."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise `ValidationError` for a password over `LONGEST` characters."""
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("At most %(longest)d characters.") % {"longest": LONGEST}


class BreachedPasswordValidator(CommonPasswordValidator):
    """Refuses the 20,000 passwords that leak most, and those that are one of them with some filling.

    The list is the one that comes with Django (82 kB, no request leaves the house). With at least twelve characters
    hardly anybody can choose from it as it stands, so what people make of it is looked up as well: digits and signs
    put before or after, letters written as look-alikes, the same word twice.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise `ValidationError` for such a password."""
        plain = password.lower().strip()
        bare, alike = plain.strip(_FILLING), plain.translate(_LOOK_ALIKES)
        for candidate in (plain, bare, bare.translate(_LOOK_ALIKES), alike.strip(_FILLING)):
            half, odd = divmod(len(candidate), 2)
            twice = not odd and candidate[:half] == candidate[half:]
            if candidate in self.passwords or (twice and candidate[:half] in self.passwords):
                raise ValidationError(_("This password is among those that leak most often."), code="password_breached")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("Not one of the passwords that leak most often, nor one of them with digits or signs added.")
