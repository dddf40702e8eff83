"""Cases compared with the company as it is, under the same luck."""
