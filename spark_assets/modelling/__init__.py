"""Training, evaluation, scoring and the versions of models."""
