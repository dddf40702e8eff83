"""The report for a client: one page that needs nothing else."""
