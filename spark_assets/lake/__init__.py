"""The lake: its files, tables, ledger and locks."""
