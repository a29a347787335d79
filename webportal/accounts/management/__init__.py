"""Commands of `manage.py` about users."""
