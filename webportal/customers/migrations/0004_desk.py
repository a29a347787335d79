"""What searching, the worklist, the hold-out group and the customer page read.

The indexes of level and place answer lists by risk now; a scope that is searched by number filters along the primary
key. They are made on the parent; partitions that exist get theirs here, later ones from the publisher.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models

from webportal.common.customer_numbers import NumberKey
from webportal.customers.models import Region
from webportal.customers.published_views import recreate_published_views

ADD = """
alter table customer_snapshot
    add column name_key text collate "C",
    add column last_name_key text collate "C",
    add column risen_from text,
    add column hold_out_draw integer,
    add column activity text,
    add column moments text;
drop index customer_snapshot_level, customer_snapshot_place, customer_snapshot_region;
create index customer_snapshot_level on customer_snapshot
    (level, churn_probability desc nulls last, customer_number);
create index customer_snapshot_place on customer_snapshot
    (location, churn_probability desc nulls last, customer_number);
create index customer_snapshot_region on customer_snapshot
    (substring(location, ', ([^,]*)$'), churn_probability desc nulls last, customer_number);
create index customer_snapshot_risen on customer_snapshot
    (churn_probability desc nulls last, customer_number) where risen_from is not null;
create index customer_snapshot_seen on customer_snapshot (last_seen_at desc, customer_number);
create index customer_snapshot_key on customer_snapshot (ltrim(lower(customer_number), '0'));
create index customer_snapshot_name on customer_snapshot (name_key, customer_number);
create index customer_snapshot_last_name on customer_snapshot (last_name_key, name_key, customer_number);
create index customer_snapshot_words on customer_snapshot
    using gin (to_tsvector('simple'::regconfig, coalesce(name_key, '')));
"""
REMOVE = """
drop view if exists pseudonymous_customer, current_customer;
drop index customer_snapshot_level, customer_snapshot_place, customer_snapshot_region, customer_snapshot_risen,
    customer_snapshot_seen, customer_snapshot_key, customer_snapshot_name, customer_snapshot_last_name,
    customer_snapshot_words;
alter table customer_snapshot drop column name_key, drop column last_name_key, drop column risen_from,
    drop column hold_out_draw, drop column activity, drop column moments;
create index customer_snapshot_level on customer_snapshot (level, customer_number);
create index customer_snapshot_place on customer_snapshot (location, customer_number);
create index customer_snapshot_region on customer_snapshot (substring(location, ', ([^,]*)$'), customer_number);
"""

RISKIEST_FIRST = (models.F("churn_probability").desc(nulls_last=True), models.F("customer_number"))
INDEXES: list[models.Index] = [
    models.Index(models.F("level"), *RISKIEST_FIRST, name="customer_snapshot_level"),
    models.Index(models.F("location"), *RISKIEST_FIRST, name="customer_snapshot_place"),
    models.Index(Region("location"), *RISKIEST_FIRST, name="customer_snapshot_region"),
    models.Index(*RISKIEST_FIRST, condition=models.Q(risen_from__isnull=False), name="customer_snapshot_risen"),
    models.Index(fields=["-last_seen_at", "customer_number"], name="customer_snapshot_seen"),
    models.Index(NumberKey("customer_number"), name="customer_snapshot_key"),
    models.Index("name_key", "customer_number", name="customer_snapshot_name"),
    models.Index("last_name_key", "name_key", "customer_number", name="customer_snapshot_last_name"),
    GinIndex(SearchVector("name_key", config="simple"), name="customer_snapshot_words"),
]


def fields() -> dict[str, "models.Field[Any, Any]"]:
    return {
        "name_key": models.TextField(null=True, db_collation="C"),
        "last_name_key": models.TextField(null=True, db_collation="C"),
        "risen_from": models.TextField(null=True),
        "hold_out_draw": models.IntegerField(null=True),
        "activity": models.TextField(null=True),
        "moments": models.TextField(null=True),
    }


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_explanations")]

    operations = [
        migrations.AddField("snapshot", "model_card", models.JSONField(null=True)),
        migrations.RunPython(migrations.RunPython.noop, recreate_published_views),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, REMOVE)],
            state_operations=[
                *(
                    migrations.AddField(model, name, field)
                    for model in ("customersnapshot", "currentcustomer", "pseudonymouscustomer")
                    for name, field in fields().items()
                ),
                *(
                    migrations.RemoveIndex("customersnapshot", f"customer_snapshot_{name}")
                    for name in ("level", "place", "region")
                ),
                *(migrations.AddIndex("customersnapshot", index) for index in INDEXES),
            ],
        ),
        migrations.RunPython(recreate_published_views, migrations.RunPython.noop),
    ]
