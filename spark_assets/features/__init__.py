"""Daily activity, and point-in-time features by their registry."""
