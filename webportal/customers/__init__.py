"""Customers of the current snapshot: search and the customer page."""
