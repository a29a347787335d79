"""The newest failed run, which every page tells until one succeeds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedRun",
            fields=[
                ("singleton", models.IntegerField(default=1, primary_key=True, serialize=False)),
                ("dagster_run_id", models.TextField()),
                ("failed_at", models.DateTimeField()),
                ("causes", models.TextField()),
            ],
            options={
                "db_table": "failed_run",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("singleton", 1)), name="failed_run_is_one_row")
                ],
            },
        ),
    ]
