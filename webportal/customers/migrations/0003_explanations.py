"""Reasons, change and doubts of each customer, and what the scores of a snapshot rest on.

JSON as text: it is read whole, and `jsonb` takes half as much room again in every row.

The partitions, attached or not yet, follow: each is made LIKE this table.
"""

from django.db import migrations, models

from webportal.customers.published_views import recreate_published_views

ADD_COLUMNS = """
alter table customer_snapshot add column reasons text, add column change text, add column doubts text;
"""
DROP_COLUMNS = """
drop view if exists pseudonymous_customer, current_customer;
alter table customer_snapshot drop column reasons, drop column change, drop column doubts;
"""

COLUMNS = ("reasons", "change", "doubts")


def added(model_name: str) -> list[migrations.AddField]:
    return [migrations.AddField(model_name, name, models.TextField(null=True)) for name in COLUMNS]


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_pseudonyms_and_scopes")]

    operations = [
        migrations.AddField("snapshot", "model_facts", models.JSONField(null=True)),
        migrations.RunPython(migrations.RunPython.noop, recreate_published_views),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD_COLUMNS, DROP_COLUMNS)],
            state_operations=[*added("customersnapshot"), *added("currentcustomer"), *added("pseudonymouscustomer")],
        ),
        migrations.RunPython(recreate_published_views, migrations.RunPython.noop),
    ]
