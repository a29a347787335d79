import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_tasks_and_measures"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="edited_at",
            field=models.DateTimeField(null=True, verbose_name="edited"),
        ),
        migrations.AddField(
            model_name="note",
            name="withdrawn_at",
            field=models.DateTimeField(null=True, verbose_name="withdrawn"),
        ),
        migrations.AddField(
            model_name="note",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="corrected_by",
                to="desk.note",
                verbose_name="corrects",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="standing",
            field=models.BooleanField(default=True, verbose_name="stands"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(standing=False), name="note_withdrawn_stands_no_more"
            ),
        ),
    ]
