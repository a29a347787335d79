"""The audit's table, and the triggers that keep it from being changed.

Whoever the statement comes from, the application's own account and the owner included, UPDATE and TRUNCATE are
refused, and DELETE is refused for events younger than 90 days. Older ones go through `audit_delete_older_than` alone;
a portal whose account is granted SELECT and INSERT on the table and EXECUTE on the function can delete nothing else.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

PROTECT = """
create function audit_refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE'
        and old.at < now() - interval '90 days'
        and current_setting('encore.audit_retention', true) = 'on'
    then
        return old;
    end if;
    raise exception 'The audit is append-only: % is refused.', tg_op using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_event_is_append_only before update or delete on audit_event
for each row execute function audit_refuse_change();

create trigger audit_event_is_not_emptied before truncate on audit_event
for each statement execute function audit_refuse_change();

-- Runs with its owner's rights: the portal's account needs none to delete.
create function audit_delete_older_than(days integer) returns bigint
language plpgsql security definer as $$
declare
    deleted bigint;
begin
    if days is null or days < 90 then
        raise exception 'Audit events are kept for at least 90 days.' using errcode = 'invalid_parameter_value';
    end if;
    perform set_config('encore.audit_retention', 'on', true);
    delete from audit_event where at < now() - make_interval(days => days);
    get diagnostics deleted = row_count;
    perform set_config('encore.audit_retention', 'off', true);
    return deleted;
end
$$;

revoke all on function audit_delete_older_than(integer) from public;

-- A definer's function must not find other tables of the same name first.
do $$
begin
    execute format(
        'alter function audit_delete_older_than(integer) set search_path = %I, pg_temp', current_schema()
    );
end
$$;
"""
UNPROTECT = """
drop trigger audit_event_is_append_only on audit_event;
drop trigger audit_event_is_not_emptied on audit_event;
drop function audit_delete_older_than(integer);
drop function audit_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("login", "Login"),
                            ("logout", "Logout"),
                            ("login failed", "Login failed"),
                            ("locked out", "Locked out"),
                            ("refused", "Page refused"),
                            ("viewed", "Customer viewed"),
                            ("searched", "Customers listed"),
                            ("exported", "Exported"),
                            ("erased", "Customer erased"),
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("deleted", "Deleted"),
                            ("second factor", "Second factor changed"),
                            ("retention", "Retention applied"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor", models.CharField(blank=True, max_length=150, verbose_name="who")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="from")),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="whom"
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("path", models.TextField(blank=True, verbose_name="page")),
                ("details", models.JSONField(default=dict, verbose_name="details")),
            ],
            options={
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
                "db_table": "audit_event",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["at"], name="audit_event_at"),
                    models.Index(fields=["actor", "at"], name="audit_event_actor"),
                    models.Index(fields=["kind", "at"], name="audit_event_kind"),
                    django.contrib.postgres.indexes.GinIndex(fields=["subjects"], name="audit_event_subjects"),
                ],
            },
        ),
        migrations.RunSQL(PROTECT, UNPROTECT),
    ]
