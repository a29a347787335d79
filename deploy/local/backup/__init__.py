"""Backup and restore of Postgres and lake."""
