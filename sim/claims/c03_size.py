"""C03: small firms are hit disproportionately. Its criteria: ``criteria/C03.toml``."""

from sim.claims.ruin import beyond_ruin

MEASURES = {"beyond_ruin": beyond_ruin(("none10", "turn10"), ("none50", "turn50"))}
