"""What happens in a week: one compiled function per phase, grouped by actor; `sim.rules.week` has them in order."""
