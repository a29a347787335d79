"""Asset checks by group."""
