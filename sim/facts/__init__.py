"""What is measured about small firms, and how near a population of simulated firms comes to it."""
