"""Pseudonyms, the view that analysts see, and the indexes by which the scopes of teams are answered.

The indexes are made on the parent; partitions that exist get theirs here, later ones from the publisher.
"""

from django.db import migrations, models

from webportal.customers.models import Region
from webportal.customers.published_views import recreate_published_views

ADD = """
alter table customer_snapshot add column pseudonym text collate "C";
create index customer_snapshot_level on customer_snapshot (level, customer_number);
create index customer_snapshot_place on customer_snapshot (location, customer_number);
create index customer_snapshot_region on customer_snapshot (substring(location, ', ([^,]*)$'), customer_number);
create index customer_snapshot_pseudonym on customer_snapshot (pseudonym);
"""
REMOVE = """
drop view pseudonymous_customer, current_customer;
drop index customer_snapshot_level, customer_snapshot_place, customer_snapshot_region;
alter table customer_snapshot drop column pseudonym;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, recreate_published_views),
        migrations.RunSQL(
            ADD,
            REMOVE,
            state_operations=[
                migrations.AddField("customersnapshot", "pseudonym", models.TextField(null=True, db_collation="C")),
                migrations.AddIndex(
                    "customersnapshot", models.Index("level", "customer_number", name="customer_snapshot_level")
                ),
                migrations.AddIndex(
                    "customersnapshot", models.Index("location", "customer_number", name="customer_snapshot_place")
                ),
                migrations.AddIndex(
                    "customersnapshot",
                    models.Index(Region("location"), "customer_number", name="customer_snapshot_region"),
                ),
                migrations.AddIndex("customersnapshot", models.Index("pseudonym", name="customer_snapshot_pseudonym")),
            ],
        ),
        migrations.CreateModel(
            name="PseudonymousCustomer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "snapshot_id", "customer_number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("snapshot_id", models.BigIntegerField()),
                ("customer_number", models.TextField(db_collation="C")),
                ("first_name", models.TextField(null=True)),
                ("last_name", models.TextField(null=True)),
                ("gender", models.TextField(null=True)),
                ("level", models.TextField(null=True)),
                ("location", models.TextField(null=True)),
                ("registered_on", models.DateField(null=True)),
                ("last_seen_at", models.DateTimeField()),
                ("cancelled_on", models.DateField(null=True)),
                ("days_listened", models.IntegerField()),
                ("songs_per_day", models.FloatField(null=True)),
                ("account_age_days", models.IntegerField(null=True)),
                ("days_listened_7d", models.IntegerField()),
                ("days_listened_30d", models.IntegerField()),
                ("songs_7d", models.IntegerField()),
                ("songs_30d", models.IntegerField()),
                ("churn_probability", models.FloatField(null=True)),
                ("risk_band", models.TextField(null=True)),
                ("pseudonym", models.TextField(db_collation="C", null=True)),
            ],
            options={
                "db_table": "pseudonymous_customer",
                "managed": False,
            },
        ),
        migrations.RunPython(recreate_published_views, migrations.RunPython.noop),
    ]
