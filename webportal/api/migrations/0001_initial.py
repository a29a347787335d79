import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Counts of a minute: nothing to write into the log of the database, or to keep over a crash.
UNLOG = "alter table api_rate_window set unlogged;"
LOG = "alter table api_rate_window set logged;"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RateWindow",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("requests", models.IntegerField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "api_rate_window",
            },
        ),
        migrations.RunSQL(UNLOG, LOG),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="Which program uses it, for whom to ask later.", max_length=80, verbose_name="name"
                    ),
                ),
                ("prefix", models.CharField(editable=False, max_length=8, unique=True, verbose_name="prefix")),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
            },
        ),
    ]
