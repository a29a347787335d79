import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0002_deliveries"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_has_its_way",
        ),
        migrations.AddField(
            model_name="delivery",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="recipient",
            field=models.TextField(blank=True, verbose_name="recipient"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="sealed_message",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="delivery",
            name="subject",
            field=models.TextField(blank=True, verbose_name="subject"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="alert",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="alerts.alert",
                verbose_name="alert",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "mail"), ("webhook", None)),
                    models.Q(("alert__isnull", False), ("channel", "webhook"), ("webhook__isnull", False)),
                    _connector="OR",
                ),
                name="delivery_has_its_way",
            ),
        ),
    ]
