"""The customer-service portal (Django): reads the published snapshot, never Spark or Dagster."""
