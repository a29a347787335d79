"""Telling people that a run failed, by mail or to a webhook."""
