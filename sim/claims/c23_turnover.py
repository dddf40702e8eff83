"""C23: newcomers carry it in, onboarding keeps it out. Its criteria, all of them differences of arms: ``criteria/C23.toml``."""
