"""How rules are compiled, where their chance comes from, and vectors in compiled code."""
