"""C21: synergy. Its criteria, all of them differences of arms: ``criteria/C21.toml``."""
