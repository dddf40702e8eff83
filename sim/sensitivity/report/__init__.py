"""Figures of studies, each with what it rests on in its footer."""
