"""The published tables, and the view of the current snapshot.

`customer_snapshot` is partitioned, which Django cannot declare, so its SQL is written out here. The publisher adds and
drops the partitions, which take over the types, nulls and collation below.
"""

import django.db.models.deletion
from django.db import migrations, models

CREATE_CUSTOMER_SNAPSHOT = """
create sequence snapshot_id_seq as bigint;

create table customer_snapshot (
    snapshot_id bigint not null,
    -- Bytewise order: the primary key then answers prefixes (LIKE '12%') and sorted lists, in any database locale.
    customer_number text collate "C" not null,
    first_name text,
    last_name text,
    gender text,
    level text,
    location text,
    registered_on date,
    last_seen_at timestamp with time zone not null,
    cancelled_on date,
    days_listened integer not null,
    songs_per_day double precision,
    account_age_days integer,
    days_listened_7d integer not null,
    days_listened_30d integer not null,
    songs_7d integer not null,
    songs_30d integer not null,
    churn_probability double precision,
    risk_band text,
    primary key (snapshot_id, customer_number)
) partition by list (snapshot_id);

create index customer_snapshot_risk on customer_snapshot (churn_probability desc nulls last, customer_number);
"""
DROP_CUSTOMER_SNAPSHOT = "drop table customer_snapshot; drop sequence snapshot_id_seq;"

CREATE_CURRENT_CUSTOMER = """
create view current_customer as
select c.* from customer_snapshot c where c.snapshot_id = (select s.snapshot_id from current_snapshot s);
"""
DROP_CURRENT_CUSTOMER = "drop view current_customer;"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CurrentCustomer",
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
            ],
            options={
                "db_table": "current_customer",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("snapshot_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("as_of_date", models.DateField()),
                ("data_from", models.DateField()),
                ("horizon_days", models.IntegerField()),
                ("model_version", models.TextField(null=True)),
                ("model_note", models.TextField(null=True)),
                ("dagster_run_id", models.TextField()),
                ("customer_rows", models.BigIntegerField()),
                ("scored_rows", models.BigIntegerField()),
                ("published_at", models.DateTimeField()),
                ("summary", models.JSONField()),
            ],
            options={
                "db_table": "snapshot",
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE_CUSTOMER_SNAPSHOT, DROP_CUSTOMER_SNAPSHOT)],
            state_operations=[
                migrations.CreateModel(
                    name="CustomerSnapshot",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "snapshot_id",
                                "customer_number",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
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
                    ],
                    options={
                        "db_table": "customer_snapshot",
                        "indexes": [
                            models.Index(
                                models.OrderBy(models.F("churn_probability"), descending=True, nulls_last=True),
                                models.F("customer_number"),
                                name="customer_snapshot_risk",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="CurrentSnapshot",
            fields=[
                ("singleton", models.IntegerField(default=1, primary_key=True, serialize=False)),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="customers.snapshot"
                    ),
                ),
            ],
            options={
                "db_table": "current_snapshot",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("singleton", 1)), name="current_snapshot_is_one_row")
                ],
            },
        ),
        migrations.RunSQL(CREATE_CURRENT_CUSTOMER, DROP_CURRENT_CUSTOMER),
    ]
