"""Scenarios: what can vary, what can happen, and the files that say so."""
