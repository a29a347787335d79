import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_last_administrator_and_cache"),
    ]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="fatigue_contacts",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="So many contacts in these days, 1 to 20, and the customer page warns.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(20)],
                verbose_name="notice of recent contacts, number",
            ),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="fatigue_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                help_text="1 to 180 days back that the notice on the customer page looks.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)],
                verbose_name="notice of recent contacts, days",
            ),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="keep_work_days",
            field=models.PositiveSmallIntegerField(
                default=1095,
                help_text="30 days to 10 years. What is older goes with the next `apply_retention`.",
                validators=[
                    django.core.validators.MinValueValidator(30),
                    django.core.validators.MaxValueValidator(3650),
                ],
                verbose_name="keep contacts, notes and closed tasks, days",
            ),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="rest_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                help_text="1 to 180 days in which the worklist does not name somebody again who was reached.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(180)],
                verbose_name="leave in peace after a contact, days",
            ),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="worth_free",
            field=models.FloatField(
                default=0.2,
                help_text="0 to 1000, on the same scale.",
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1000.0),
                ],
                verbose_name="worth of a customer who does not pay",
            ),
        ),
        migrations.AddField(
            model_name="desksettings",
            name="worth_paid",
            field=models.FloatField(
                default=1.0,
                help_text="0 to 1000. The worklist ranks by probability times worth; 0 leaves the level out.",
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1000.0),
                ],
                verbose_name="worth of a paying customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="desksettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("worth_free__gte", 0), ("worth_paid__gte", 0)), name="desk_settings_worth"
            ),
        ),
    ]
