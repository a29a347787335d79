"""The list of customers who were erased and must never be loaded again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts import ERASED_CUSTOMER


class ErasedCustomer(models.Model):
    """A number that no run loads again. It stays: without it the next run would bring the person back."""

    customer_number = models.TextField(_("customer number"), primary_key=True, db_collation="C")
    pseudonym = models.TextField(_("pseudonym"), blank=True)
    erased_at = models.DateTimeField(_("erased"), default=timezone.now)
    erased_by = models.CharField(_("erased by"), max_length=150)
    reason = models.TextField(_("reason"))

    class Meta:
        db_table = ERASED_CUSTOMER
        verbose_name = _("erased customer")
        verbose_name_plural = _("erased customers")
        ordering = ["-erased_at"]

    def __str__(self) -> str:
        return self.customer_number
