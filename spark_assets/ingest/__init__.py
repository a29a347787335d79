"""Log files into the lake: every line kept, logged out, or in quarantine with its reason."""
