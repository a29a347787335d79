"""Simulated logs: listeners as state machines with a known hazard, run by Spark."""
