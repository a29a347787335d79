"""Dagster over the Spark steps: assets, checks, resources, sensors and where computation runs."""
