"""Formats for plain English."""
