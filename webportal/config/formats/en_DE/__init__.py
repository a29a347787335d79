"""Formats for readers with decimal commas and points."""
