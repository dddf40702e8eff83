"""C18: informal alignment does not scale. Its criteria, all of them differences of arms: ``criteria/C18.toml``."""
