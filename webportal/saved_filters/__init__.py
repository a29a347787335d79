"""Filters of the list that people gave a name: their own, and those shared with a team or with everybody."""
