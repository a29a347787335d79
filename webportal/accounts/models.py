"""The user of the portal."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An agent or an administrator; a model of our own from the first migration, so that it can grow."""
