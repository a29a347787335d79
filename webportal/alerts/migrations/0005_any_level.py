from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0004_snapshot_seen_last"),
    ]

    operations = [
        migrations.AlterField(
            model_name="watch",
            name="level",
            field=models.CharField(blank=True, max_length=64, verbose_name="level"),
        ),
    ]
