"""Formats for readers who begin with the year."""
