-- The passwords of the roles that roles.sql made, out of the addresses that the services of compose.yaml sign in with.
-- The image `postgres` runs both, by name, when its volume is empty; later it is psql's \password and the secret's file.

SET log_min_error_statement = panic; -- what fails below would stand in the log with its passwords
ALTER DATABASE :"DBNAME" OWNER TO encore_migrator;

\set migrator `cat /run/secrets/migrate-database-url`
\set publisher `cat /run/secrets/publish-database-url`
\set portal `cat /run/secrets/portal-database-url`
SELECT set_config('encore.addresses', json_build_array(
    json_build_array('migrate-database-url', 'encore_migrator', :'migrator'),
    json_build_array('publish-database-url', 'encore_publisher', :'publisher'),
    json_build_array('portal-database-url', 'encore_portal', :'portal')
)::text, false) AS addresses \gset

DO $sign_in$
DECLARE
    secret json;
    password text;
BEGIN
    FOR secret IN SELECT json_array_elements(current_setting('encore.addresses')::json) LOOP
        password := substring(secret ->> 2 FROM '^postgres(?:ql)?://' || (secret ->> 1) || ':([\w-]+)@');
        IF password IS NULL THEN
            RAISE EXCEPTION 'The secret % is not an address postgresql://%:PASSWORD@postgres:5432/encore', secret ->> 0, secret ->> 1
            USING HINT = 'The password has letters, digits, - and _ alone. Begin again with an empty volume: docker compose down --volumes';
        END IF;
        EXECUTE format('ALTER ROLE %I PASSWORD %L', secret ->> 1, password);
    END LOOP;
END
$sign_in$;
