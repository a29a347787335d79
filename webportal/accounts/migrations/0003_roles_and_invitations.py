"""One role a user in place of Django's groups and flags, and invitations.

Users keep their names and passwords: who was a superuser becomes an administrator, everybody else an agent without a
team.
"""

import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

ROLES = [
    ("agent", "Agent"),
    ("supervisor", "Supervisor"),
    ("analyst", "Analyst"),
    ("administrator", "Administrator"),
]

GIVE_ROLES = "update accounts_user set role = 'administrator' where is_superuser;"
TAKE_ROLES = "update accounts_user set is_superuser = true, is_staff = true where role = 'administrator';"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_teams_and_desk_settings")]

    operations = [
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
