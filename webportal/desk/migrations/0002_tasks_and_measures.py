import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_contacts_and_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BandMeasure",
            fields=[
                ("risk_band", models.TextField(primary_key=True, serialize=False, verbose_name="band")),
                ("contacts", models.BigIntegerField(verbose_name="contacts")),
                ("left", models.BigIntegerField(verbose_name="left")),
                ("expected", models.FloatField(verbose_name="expected to leave")),
                ("wrong_alarms", models.BigIntegerField(verbose_name="wrong alarms")),
                ("snapshot_id", models.BigIntegerField(verbose_name="snapshot")),
                ("as_of_date", models.DateField(verbose_name="data up to")),
                ("counted_at", models.DateTimeField(verbose_name="counted")),
            ],
            options={
                "verbose_name": "measure of a band",
                "verbose_name_plural": "measures of bands",
            },
        ),
        migrations.CreateModel(
            name="HoldOutMeasure",
            fields=[
                ("snapshot_id", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="snapshot")),
                ("as_of_date", models.DateField(verbose_name="data up to")),
                ("horizon_days", models.PositiveIntegerField(verbose_name="horizon, days")),
                ("hold_out_percent", models.PositiveSmallIntegerField(verbose_name="hold-out share, percent")),
                ("counted_at", models.DateTimeField(null=True, verbose_name="counted")),
                ("held_out", models.BigIntegerField(null=True, verbose_name="held out")),
                ("held_out_left", models.BigIntegerField(null=True, verbose_name="held out, left")),
                ("open_to_calls", models.BigIntegerField(null=True, verbose_name="open to calls")),
                ("open_to_calls_left", models.BigIntegerField(null=True, verbose_name="open to calls, left")),
                ("called", models.BigIntegerField(null=True, verbose_name="called")),
                ("called_left", models.BigIntegerField(null=True, verbose_name="called, left")),
            ],
            options={
                "verbose_name": "hold-out measure",
                "verbose_name_plural": "hold-out measures",
                "ordering": ["-as_of_date"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_number", models.TextField(db_collation="C", verbose_name="customer")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("at risk", "At risk"),
                            ("call back", "Asked to be called back"),
                            ("follow up", "See whether it helped"),
                        ],
                        max_length=20,
                        verbose_name="why",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="what to do")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "closing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("outcome", "An outcome was recorded"),
                            ("by hand", "Closed by hand"),
                            ("released", "Given back to the list"),
                            ("cancelled", "The customer has cancelled"),
                        ],
                        max_length=20,
                        verbose_name="closed because",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="for",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tasks",
                        to="desk.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due_on", "id"], name="task_open_due"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["assignee", "due_on", "id"], name="task_open_assignee"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["assignee", "-closed_at"], name="task_assignee_closed"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "open"), _negated=True), fields=["-closed_at", "-id"], name="task_closed"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["customer_number"], name="task_customer"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("customer_number", "reason"),
                name="task_open_once_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["at risk", "call back", "follow up"])), name="task_reason_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("state", "open")),
                    models.Q(("closed_at__isnull", False), ("state__in", ("done", "dropped"))),
                    _connector="OR",
                ),
                name="task_closed_has_a_time",
            ),
        ),
    ]
