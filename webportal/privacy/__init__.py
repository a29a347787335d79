"""Everything about one customer: given out on request, and erased."""
