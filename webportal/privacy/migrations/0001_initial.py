import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ErasedCustomer",
            fields=[
                (
                    "customer_number",
                    models.TextField(
                        db_collation="C", primary_key=True, serialize=False, verbose_name="customer number"
                    ),
                ),
                ("pseudonym", models.TextField(blank=True, verbose_name="pseudonym")),
                ("erased_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="erased")),
                ("erased_by", models.CharField(max_length=150, verbose_name="erased by")),
                ("reason", models.TextField(verbose_name="reason")),
            ],
            options={
                "verbose_name": "erased customer",
                "verbose_name_plural": "erased customers",
                "db_table": "erased_customer",
                "ordering": ["-erased_at"],
            },
        ),
    ]
