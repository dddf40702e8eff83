"""C02: scarcity amplifies, not linearly. Its criteria: ``criteria/C02.toml``."""

from sim.claims.ruin import beyond_ruin

MEASURES = {"beyond_ruin": beyond_ruin(("scarce_none", "scarce_turn"), ("ample_none", "ample_turn"))}
