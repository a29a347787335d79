"""Reasons, change and doubts of each customer, and what the scores of a snapshot rest on.

JSON as text: it is read whole, and `jsonb` takes half as much room again in every row.

The partitions, attached or not yet, follow: each is made LIKE this table. The view lists its columns when it is made.
"""

from django.db import migrations, models

DROP_VIEW = "drop view current_customer;"
CREATE_VIEW = """
create view current_customer as
select c.* from customer_snapshot c where c.snapshot_id = (select s.snapshot_id from current_snapshot s);
"""

ADD_COLUMNS = """
alter table customer_snapshot add column reasons text, add column change text, add column doubts text;
"""
DROP_COLUMNS = "alter table customer_snapshot drop column reasons, drop column change, drop column doubts;"

COLUMNS = ("reasons", "change", "doubts")


def added(model_name: str) -> list[migrations.AddField]:
    return [migrations.AddField(model_name, name, models.TextField(null=True)) for name in COLUMNS]


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.AddField("snapshot", "model_facts", models.JSONField(null=True)),
        migrations.RunSQL(DROP_VIEW, CREATE_VIEW),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD_COLUMNS, DROP_COLUMNS)],
            state_operations=[*added("customersnapshot"), *added("currentcustomer")],
        ),
        migrations.RunSQL(CREATE_VIEW, DROP_VIEW),
    ]
