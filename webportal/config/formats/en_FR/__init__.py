"""Formats for readers with decimal commas and narrow spaces."""
