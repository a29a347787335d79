"""Teams with their scopes, and the settings of the desk."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import webportal.accounts.models.desk_settings

ROLES = [
    ("agent", "Agent"),
    ("supervisor", "Supervisor"),
    ("analyst", "Analyst"),
    ("administrator", "Administrator"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=[("paid", "Paid"), ("free", "Free")], max_length=10),
                        blank=True,
                        default=list,
                        help_text="Customers of these levels only. None chosen: of any level.",
                        size=None,
                        verbose_name="levels",
                    ),
                ),
                (
                    "places",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="Customers of these places only: a place as it stands on the customer page (“Bozeman, MT”), or a state or region alone (“MT”). One a line. Empty: of any place.",
                        size=None,
                        verbose_name="places",
                    ),
                ),
                (
                    "by_list",
                    models.BooleanField(
                        default=False,
                        help_text="Customers of the list below only. An empty list then means: no customer at all.",
                        verbose_name="only listed customers",
                    ),
                ),
            ],
            options={"verbose_name": "team", "verbose_name_plural": "teams", "ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="ScopedCustomer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer_number", models.TextField(db_collation="C")),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["customer_number", "team"], name="scoped_customer_number")],
                "constraints": [
                    models.UniqueConstraint(fields=("team", "customer_number"), name="scoped_customer_once_a_team")
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskSettings",
            fields=[
                ("singleton", models.IntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                (
                    "second_factor_roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=ROLES, max_length=20),
                        blank=True,
                        default=webportal.accounts.models.desk_settings.default_second_factor_roles,
                        help_text="Users of these roles can do nothing but set up their second factor until they have one.",
                        size=None,
                        verbose_name="roles that need a second factor",
                    ),
                ),
                (
                    "hold_out_percent",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Share of the customers at risk that nobody contacts, to learn what contacting changes. 0 to 50.",
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="hold-out share, percent",
                    ),
                ),
                (
                    "invitation_hours",
                    models.PositiveSmallIntegerField(
                        default=72,
                        help_text="1 hour to 14 days. Changes what is sent from now on.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(336),
                        ],
                        verbose_name="invitations are good for, hours",
                    ),
                ),
                (
                    "keep_audit_days",
                    models.PositiveIntegerField(
                        default=730,
                        help_text="90 days to 10 years. What is older goes with the next `apply_retention`.",
                        validators=[
                            django.core.validators.MinValueValidator(90),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="keep audit, days",
                    ),
                ),
                (
                    "keep_invitation_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="1 day to a year.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="keep used and expired invitations, days",
                    ),
                ),
            ],
            options={
                "verbose_name": "desk settings",
                "verbose_name_plural": "desk settings",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("singleton", 1)), name="desk_settings_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("hold_out_percent__lte", 50)), name="desk_settings_hold_out"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("keep_audit_days__gte", 90)), name="desk_settings_keep_audit"
                    ),
                ],
            },
        ),
    ]
