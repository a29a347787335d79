"""Figures of the pipeline for Prometheus."""
