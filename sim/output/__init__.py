"""How results are written: whole or not at all, with a manifest that says what made them."""
