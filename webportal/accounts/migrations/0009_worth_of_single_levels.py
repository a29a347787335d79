import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_exports_of_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="desksettings",
            name="worths",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Levels that are worth something else, one a line: “family 2.5”. 0 to 1000, on the same scale.",
                verbose_name="worth of single levels",
            ),
        ),
        migrations.AlterField(
            model_name="desksettings",
            name="worth_free",
            field=models.FloatField(
                default=0.2,
                help_text="0 to 1000, on the same scale; also of customers whose level is unknown.",
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1000.0),
                ],
                verbose_name="worth of a customer who does not pay",
            ),
        ),
        migrations.AlterField(
            model_name="desksettings",
            name="worth_paid",
            field=models.FloatField(
                default=1.0,
                help_text="0 to 1000. The worklist ranks by probability times worth; 0 leaves them out. Every level but “free” is one of paying customers.",
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(1000.0),
                ],
                verbose_name="worth of a paying customer",
            ),
        ),
        migrations.AlterField(
            model_name="team",
            name="levels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64),
                blank=True,
                default=list,
                help_text="Customers of these levels only. None chosen: of any level.",
                size=None,
                verbose_name="levels",
            ),
        ),
        migrations.AlterField(
            model_name="team",
            name="places",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200),
                blank=True,
                default=list,
                help_text="Customers of these places only: a place as it stands on the customer page (“Bozeman, MT”), or a state or region alone (“MT”), or “unknown” for none. One a line. Empty: of any place.",
                size=None,
                verbose_name="places",
            ),
        ),
    ]
