"""C17: copying the industry. Its criteria, all of them differences of arms: ``criteria/C17.toml``."""
