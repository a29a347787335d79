"""The desk's own work: contacts with customers, notes, tasks, the worklist, and what recorded outcomes teach."""
