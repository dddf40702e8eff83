"""Which firms of the model fit the facts of a company."""
