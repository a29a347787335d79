"""Tasks: which customer is to be turned to, why, by when and by whom. Open ones without an assignee are the queue."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from webportal.desk.models.contacts import Contact

LONGEST_TASK = 300


class TaskReason(models.TextChoices):
    """Why there is a task."""

    AT_RISK = "at risk", _("At risk")
    CALL_BACK = "call back", _("Asked to be called back")
    FOLLOW_UP = "follow up", _("See whether it helped")


class State(models.TextChoices):
    """Whether it is still to be done."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Closing(models.TextChoices):
    """What closed a task."""

    OUTCOME = "outcome", _("An outcome was recorded")
    BY_HAND = "by hand", _("Closed by hand")
    RELEASED = "released", _("Given back to the list")
    CANCELLED = "cancelled", _("The customer has cancelled")


class Task(models.Model):
    """One task. A customer has at most one open task of each reason: the database says so."""

    customer_number = models.TextField(_("customer"), db_collation="C")
    reason = models.CharField(_("why"), max_length=20, choices=TaskReason.choices)
    words = models.CharField(_("what to do"), max_length=LONGEST_TASK, blank=True)
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closing = models.CharField(_("closed because"), max_length=20, choices=Closing.choices, blank=True)
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.SET_NULL, null=True, related_name="tasks"
    )
    assignee_before = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for, before it was closed"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    """The assignee when `contact` closed the task: a contact that is withdrawn gives the task back to them."""

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer_number", "reason"],
                condition=models.Q(state=State.OPEN),
                name="task_open_once_a_reason",
            ),
            models.CheckConstraint(condition=models.Q(reason__in=TaskReason.values), name="task_reason_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=State.OPEN, closed_at=None)
                | models.Q(state__in=(State.DONE, State.DROPPED), closed_at__isnull=False),
                name="task_closed_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(state=State.OPEN), name="task_open_due"),
            models.Index(
                fields=["assignee", "due_on", "id"], condition=models.Q(state=State.OPEN), name="task_open_assignee"
            ),
            models.Index(fields=["assignee", "-closed_at"], name="task_assignee_closed"),
            models.Index(fields=["-closed_at", "-id"], condition=~models.Q(state=State.OPEN), name="task_closed"),
            models.Index(fields=["customer_number"], name="task_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.due_on:%Y-%m-%d}"
