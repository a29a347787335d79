"""Compiled scanner of flat JSON lines."""
