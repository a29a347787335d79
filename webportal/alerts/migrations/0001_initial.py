import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import webportal.alerts.webhooks


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "address",
                    models.URLField(
                        max_length=500,
                        validators=[webportal.alerts.webhooks.check_url],
                        verbose_name="address",
                    ),
                ),
                ("sealed_secret", models.TextField(editable=False)),
                (
                    "takes_customers",
                    models.BooleanField(
                        default=False,
                        help_text="Whoever watches them. Alerts of segments come to it where the segment names it.",
                        verbose_name="gets alerts of watched customers",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("snapshot_id", models.BigIntegerField()),
                ("as_of_date", models.DateField()),
                ("segment", models.TextField(blank=True)),
                ("count", models.BigIntegerField(default=1)),
                ("model_changed", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
            },
        ),
        migrations.CreateModel(
            name="AlertedCustomer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_number", models.TextField(db_collation="C", db_index=True)),
                ("was", models.CharField(max_length=10)),
                ("band", models.CharField(max_length=10)),
                ("churn_probability", models.FloatField()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="customers", to="alerts.alert"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_number", models.TextField(db_collation="C", null=True)),
                (
                    "band",
                    models.CharField(
                        blank=True,
                        choices=[("high", "High risk"), ("medium", "Medium risk")],
                        max_length=10,
                        verbose_name="band they rise into",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("", "any level"), ("free", "Free"), ("paid", "Paid")],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="As it is written (Bozeman, MT), or a region alone (MT).",
                        max_length=200,
                        verbose_name="place",
                    ),
                ),
                ("by_mail", models.BooleanField(default=True, verbose_name="by e-mail")),
                ("since_snapshot", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watches", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="watches",
                        to="alerts.webhook",
                        verbose_name="webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "watch",
                "verbose_name_plural": "watches",
            },
        ),
        migrations.AddField(
            model_name="alert",
            name="watch",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="alerts", to="alerts.watch"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(models.F("owner"), models.OrderBy(models.F("id"), descending=True), name="alert_inbox"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["created_at"], name="alert_created"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(fields=("watch", "snapshot_id"), name="alert_once_a_snapshot"),
        ),
        migrations.AddIndex(
            model_name="watch",
            index=models.Index(fields=["customer_number"], name="watch_customer"),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(fields=("owner", "customer_number"), name="watch_customer_once"),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer_number", None)),
                fields=("owner", "band", "level", "place"),
                name="watch_segment_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("band__in", ("high", "medium")), ("customer_number", None)),
                    models.Q(("band", ""), ("customer_number__isnull", False), ("level", ""), ("place", "")),
                    _connector="OR",
                ),
                name="watch_is_customer_or_segment",
            ),
        ),
    ]
