"""C16: reviews with teeth. Its criteria, all of them differences of arms: ``criteria/C16.toml``."""
