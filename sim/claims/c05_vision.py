"""C05: a clear vision aligns; one locked in a head or a drawer does not. Its criteria, all of them differences of arms: ``criteria/C05.toml``."""
