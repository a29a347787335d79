"""Which roles export lists, and how often a day."""

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

import webportal.accounts.models.desk_settings


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_single_use_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="export_roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("agent", "Agent"),
                        ("supervisor", "Supervisor"),
                        ("analyst", "Analyst"),
                        ("administrator", "Administrator"),
                    ],
                    max_length=20,
                ),
                blank=True,
                default=webportal.accounts.models.desk_settings.default_export_roles,
                help_text=(
                    "Users of these roles may download a list as CSV, for a purpose that they name. "
                    "Analysts get pseudonyms."
                ),
                size=None,
                verbose_name="roles that export lists of customers",
            ),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="exports_a_day",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="0 to 1000, from midnight UTC on.",
                validators=[django.core.validators.MaxValueValidator(1000)],
                verbose_name="exports of lists, a user and day",
            ),
        ),
    ]
