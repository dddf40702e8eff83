"""C22: survival for the small, optimisation for the large. Its criteria: ``criteria/C22.toml``."""

from sim.claims.ruin import beyond_ruin

MEASURES = {"beyond_ruin": beyond_ruin(("shop_ali", "shop_mis"), ("corp_ali", "corp_mis"), since=1)}
