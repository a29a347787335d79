"""What the desk writes: each call checks that it may, writes in one transaction, and is noted in the audit."""
