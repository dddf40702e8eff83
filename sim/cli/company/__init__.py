"""Commands for a real company: import, calibrate, whatif, report."""
