"""The filtered list of customers."""
