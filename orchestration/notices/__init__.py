"""Telling people by mail or to a webhook that a run failed, or that files are left out."""
