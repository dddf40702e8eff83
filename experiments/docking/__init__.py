"""Published models, built again from their descriptions and held against published numbers, exact limits and our own firm."""
