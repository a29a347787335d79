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
    ]
