"""C09: sales paid to close, service paid to save. Its criteria, all of them differences of arms: ``criteria/C09.toml``."""
