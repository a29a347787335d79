"""Configuration: settings, root URLs and the WSGI entry."""
