"""Where a step runs: one protocol, a module for each backend."""
