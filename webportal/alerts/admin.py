"""Webhooks and deliveries in the admin."""

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from webportal.accounts.admin.confirming import confirmed
from webportal.alerts.forms import WebhookForm
from webportal.alerts.models import Delivery, Webhook
from webportal.alerts.sending import send_again


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Where alerts are sent."""

    form = WebhookForm
    fields = ("name", "address", "secret", "takes_customers", "is_active")
    list_display = ("name", "address", "takes_customers", "is_active", "created_at")


def _send_again(request: HttpRequest, deliveries: Sequence[Delivery], words: str) -> str:
    count = send_again(list(deliveries))
    return (
        ngettext("%d delivery goes out with the next pass.", "%d deliveries go out with the next pass.", count) % count
    )


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """How alerts went out: read, and sent again, never changed."""

    list_display = ("alert", "channel", "webhook", "state", "attempts", "next_at", "sent_at", "problem")
    list_filter = ("state", "channel")
    list_select_related = ("alert", "webhook")
    ordering = ("-id",)
    show_full_result_count = False
    actions = (
        confirmed(
            title=_("Send the selected deliveries again"),
            warning=_("They go out with the next pass of follow_snapshots, also those that have arrived before."),
            run=_send_again,
            permission="view",
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A pass adds them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Nothing is to be changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """They go with their alerts, by retention."""
        return False
