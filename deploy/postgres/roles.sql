-- The roles of a cluster that holds Encore, made once by somebody who may make roles; running it again changes nothing.
-- docs/adr/0016 says why they are cut this way. `make up` runs it on the embedded Postgres, the image of compose.yaml on an
-- empty volume (sign_in.sql gives the passwords). On another server:
--
--   psql -f deploy/postgres/roles.sql             then \password encore_migrator, encore_publisher, encore_portal
--   PGOPTIONS="-c encore.owner=NAME" psql -f ...  when a role of another name owns the tables already
--
-- What each may do with which table follows the migrations: `manage.py database_roles` grants it.

DO $roles$
DECLARE
    owner text := coalesce(nullif(current_setting('encore.owner', true), ''), 'encore_migrator');
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[owner, 'encore_publisher', 'encore_portal'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', wanted);
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'encore_snapshots') THEN
        CREATE ROLE encore_snapshots NOLOGIN;
    END IF;
    -- It owns the partitioned tables and all partitions: the publisher attaches, the migrator alters.
    EXECUTE format('GRANT encore_snapshots TO %I', owner);
    GRANT encore_snapshots TO encore_publisher;
END
$roles$;

-- Whatever the publisher makes belongs to both of them from the start.
ALTER ROLE encore_publisher SET role = 'encore_snapshots';

-- A page that asks for so long has lost its reader; what a request left open must not hold up a migration.
ALTER ROLE encore_portal SET statement_timeout = '15s';
ALTER ROLE encore_portal SET idle_in_transaction_session_timeout = '60s';
