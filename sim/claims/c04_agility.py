"""C04: agility without direction is frantic motion. Its criteria, all of them differences of arms: ``criteria/C04.toml``."""
