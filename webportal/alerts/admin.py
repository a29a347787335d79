"""Webhooks and deliveries in the admin."""

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from webportal.accounts.admin.base import confirmed
from webportal.alerts.delivery import send_again
from webportal.alerts.models import Delivery, State, Webhook
from webportal.alerts.views import WebhookForm


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Where alerts are sent."""

    form = WebhookForm
    fields = ("name", "address", "secret", "takes_customers", "is_active")
    list_display = ("name", "address", "takes_customers", "is_active", "created_at", "undelivered")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """Count what did not arrive."""
        given_up = Count("delivery", filter=Q(delivery__state=State.GIVEN_UP))
        waiting = Count("delivery", filter=Q(delivery__state=State.WAITING, delivery__attempts__gt=0))
        webhooks: QuerySet[Webhook] = super().get_queryset(request)
        return webhooks.annotate(given_up=given_up, waiting=waiting)

    @admin.display(description=_("not delivered"))
    def undelivered(self, webhook: Webhook) -> str:
        """Lead to the deliveries that failed."""
        given_up, waiting = webhook.given_up, webhook.waiting  # type: ignore[attr-defined] # annotated
        if not given_up and not waiting:
            return "-"
        words = gettext("%(given_up)d given up, %(waiting)d tried again") % {"given_up": given_up, "waiting": waiting}
        return format_html(
            '<a href="{}?webhook__id__exact={}">{}</a>', reverse("admin:alerts_delivery_changelist"), webhook.pk, words
        )


def _send_again(request: HttpRequest, deliveries: Sequence[Delivery], words: str) -> str:
    count = send_again(list(deliveries))
    return (
        ngettext("%d delivery goes out with the next pass.", "%d deliveries go out with the next pass.", count) % count
    )


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """How alerts and other mails went out: read, and sent again, never changed."""

    list_display = ("__str__", "recipient", "webhook", "state", "attempts", "next_at", "sent_at", "problem")
    fields = (
        "alert",
        "subject",
        "recipient",
        "channel",
        "webhook",
        "state",
        "attempts",
        "next_at",
        "sent_at",
        "problem",
    )
    list_filter = ("state", "channel", "webhook")
    list_select_related = ("alert", "webhook")
    ordering = ("-id",)
    show_full_result_count = False
    actions = (
        confirmed(
            title=_("Send the selected deliveries again"),
            warning=_(
                "They go out with the next pass of follow_snapshots, also alerts that have arrived before. "
                "Of other mails that have arrived nothing is kept, so they are passed over."
            ),
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
