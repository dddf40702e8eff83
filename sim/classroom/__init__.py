"""The classroom: a live, offline page on which people see misalignment spread."""
