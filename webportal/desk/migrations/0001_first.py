import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
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
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_number", models.TextField(db_collation="C", verbose_name="customer")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("they called", "They called"),
                            ("we called", "We called"),
                            ("mail", "Mail"),
                            ("chat", "Chat"),
                        ],
                        max_length=20,
                        verbose_name="how",
                    ),
                ),
                ("offered", models.CharField(blank=True, max_length=200, verbose_name="what was offered")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("kept", "Kept"),
                            ("will leave", "Will leave"),
                            ("left", "Left"),
                            ("wrong alarm", "Wrong alarm"),
                            ("not reached", "Not reached"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price"),
                            ("adverts", "Adverts"),
                            ("music", "Music that is missing"),
                            ("faults", "Faults and errors"),
                            ("competitor", "Another service"),
                            ("use", "Listens little"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="in words")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="recorded")),
                ("token", models.UUIDField(editable=False, unique=True)),
                ("standing", models.BooleanField(default=True, verbose_name="stands")),
                ("snapshot_id", models.BigIntegerField(verbose_name="snapshot")),
                ("as_of_date", models.DateField(verbose_name="data up to")),
                ("horizon_days", models.PositiveIntegerField(verbose_name="horizon, days")),
                ("model_version", models.TextField(null=True, verbose_name="model")),
                ("churn_probability", models.FloatField(null=True, verbose_name="probability")),
                ("risk_band", models.TextField(null=True, verbose_name="band")),
                ("held_out", models.BooleanField(default=False, verbose_name="was held out")),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrected_by",
                        to="desk.contact",
                        verbose_name="corrects",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_number", models.TextField(db_collation="C", verbose_name="customer")),
                ("words", models.TextField(max_length=2000, verbose_name="note")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("token", models.UUIDField(editable=False, unique=True)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["-written_at", "-id"],
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
            model_name="contact",
            index=models.Index(fields=["customer_number", "-at", "-id"], name="contact_customer"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["agent", "at"], name="contact_agent"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["at"], name="contact_at"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("standing", True)),
                fields=["as_of_date", "customer_number"],
                name="contact_standing_as_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["they called", "we called", "mail", "chat"])),
                name="contact_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["kept", "will leave", "left", "wrong alarm", "not reached"])),
                name="contact_outcome_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["customer_number", "-written_at", "-id"], name="note_customer"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["written_at"], name="note_written"),
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
