"""The last one-time code that each user spent."""

from django.conf import settings
from django.db import models


class SpentCode(models.Model):
    """The time step (30 s since 1970) of the newest TOTP code that a user spent: it and older ones open nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    step = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.step)
