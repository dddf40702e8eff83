"""What articles claim about small firms, each tried by experiment: claims, paired runs, verdicts, pages."""
