"""Watching customers and segments, and telling who watches when a publish has moved one into another band."""
