"""The snapshot in Postgres."""
