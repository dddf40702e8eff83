"""One question each: a claim, a design, a run, a verdict."""
