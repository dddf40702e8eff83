"""What a run comes to: series, summaries, intervals, contrasts. Pure functions of arrays."""
