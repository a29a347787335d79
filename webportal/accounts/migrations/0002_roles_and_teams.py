"""Roles in place of Django's groups and flags, teams with scopes, invitations, and the settings of the desk.

Users keep their names and passwords: who was a superuser becomes an administrator, everybody else an agent without a
team. The last part is for what no model says: an administrator always remains, and a cache that all workers share.
"""

import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import webportal.accounts.models.desk_settings

ROLES = [
    ("agent", "Agent"),
    ("supervisor", "Supervisor"),
    ("analyst", "Analyst"),
    ("administrator", "Administrator"),
]

GIVE_ROLES = "update accounts_user set role = 'administrator' where is_superuser;"
TAKE_ROLES = "update accounts_user set is_superuser = true, is_staff = true where role = 'administrator';"


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
        migrations.AddField(
            "user",
            "role",
            models.CharField(choices=ROLES, db_index=True, default="agent", max_length=20, verbose_name="role"),
        ),
        migrations.AddField(
            "user",
            "team",
            models.ForeignKey(
                blank=True,
                help_text="Decides which customers this user sees. Without a team: all of them.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.RunSQL(GIVE_ROLES, TAKE_ROLES),
        migrations.RemoveField("user", "is_superuser"),
        migrations.RemoveField("user", "is_staff"),
        migrations.RemoveField("user", "groups"),
        migrations.RemoveField("user", "user_permissions"),
        migrations.AlterField(
            "user",
            "username",
            models.CharField(
                error_messages={"unique": "A user with this name exists."},
                help_text="At most 150 letters, digits and @ . + - _",
                max_length=150,
                unique=True,
                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                verbose_name="user name",
            ),
        ),
        migrations.AlterField(
            "user",
            "email",
            models.EmailField(
                blank=True,
                help_text="Where links for a new password go; without one there are none.",
                max_length=254,
                verbose_name="e-mail address",
            ),
        ),
        migrations.AlterField(
            "user",
            "is_active",
            models.BooleanField(
                default=True,
                help_text="Take this away instead of deleting users: the audit goes on naming them.",
                verbose_name="active",
            ),
        ),
        migrations.AlterField(
            "user",
            "date_joined",
            models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="joined"),
        ),
        migrations.AlterModelManagers("user", []),
        migrations.AlterModelOptions("user", {"verbose_name": "user", "verbose_name_plural": "users"}),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("role__in", [value for value, _ in ROLES])), name="user_role_is_known"
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("role", models.CharField(choices=ROLES, default="agent", max_length=20, verbose_name="role")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "sent_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="sent"),
                ),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="good until")),
                ("used_at", models.DateTimeField(editable=False, null=True, verbose_name="used")),
                (
                    "invited_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-sent_at"],
            },
        ),
    ]
