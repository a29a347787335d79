"""The overview of all customers, and its exploring chart."""
