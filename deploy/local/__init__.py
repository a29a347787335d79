"""Run all of Encore on one machine that has Python 3.11 and nothing else."""
