"""One-time codes are spent in the database; what limits guesses survives a crash of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_single_keys")]

    operations = [
        migrations.CreateModel(
            name="SpentCode",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("step", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL("alter table portal_cache set logged;", "alter table portal_cache set unlogged;"),
    ]
