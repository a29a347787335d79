import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from webportal.accounts.models import User


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("qK7!short", "at least 12 characters"),
        ("passwordpassword", "leak most often"),
        ("password12345678", "leak most often"),
        ("!!!P4$$word2024!!!", "leak most often"),
        ("Qwertyuiop2024", "leak most often"),
        ("491827364550192", "entirely numeric"),
        ("amelie.martin-1", "too similar"),
        ("x" * 129, "At most 128 characters"),
    ],
)
def test_refuses_weak_passwords_and_says_why(password: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        validate_password(password, User(username="amelie.martin"))


@pytest.mark.parametrize("password", ["hollow crane sings", "vR8-moss-lantern", "naïve café society", "x7" * 64])
def test_takes_long_ones_of_whatever_characters(password: str) -> None:
    validate_password(password, User(username="amelie.martin"))
