"""Analyses that one or two claims share: cascades, early warning, dissent, projects."""
