"""Commands of `manage.py` about what all apps share."""
