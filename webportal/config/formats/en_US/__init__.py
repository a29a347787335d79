"""Formats for the United States."""
