"""The last administrator stays, whoever changes users and however many at once; a cache that all workers share."""

from django.db import migrations

KEEP_AN_ADMINISTRATOR = """
create function keep_an_administrator() returns trigger language plpgsql as $$
begin
    -- One change at a time: of two that each leave one administrator, the later sees what the earlier did.
    perform pg_advisory_xact_lock(hashtext('encore: keep_an_administrator'));
    if not exists (select from accounts_user where role = 'administrator' and is_active) then
        raise exception 'At least one active administrator must remain.' using errcode = 'check_violation';
    end if;
    return null;
end
$$;

create trigger keep_an_administrator_on_update after update of role, is_active on accounts_user
for each row
when (old.role = 'administrator' and old.is_active and not (new.role = 'administrator' and new.is_active))
execute function keep_an_administrator();

create trigger keep_an_administrator_on_delete after delete on accounts_user
for each row when (old.role = 'administrator' and old.is_active)
execute function keep_an_administrator();
"""
FORGET_THEM = """
drop trigger keep_an_administrator_on_update on accounts_user;
drop trigger keep_an_administrator_on_delete on accounts_user;
drop function keep_an_administrator();
"""

# As `createcachetable` makes it; the numbers by which logins and resets are limited live here.
CREATE_CACHE = """
create unlogged table portal_cache (
    cache_key varchar(255) not null primary key,
    value text not null,
    expires timestamp with time zone not null
);
create index portal_cache_expires on portal_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles_and_invitations")]

    operations = [
        migrations.RunSQL(KEEP_AN_ADMINISTRATOR, FORGET_THEM),
        migrations.RunSQL(CREATE_CACHE, "drop table portal_cache;"),
    ]
