"""Many runs with a purpose: designs, contrasts, sensitivity, claims and their verdicts."""
