"""Results as bundles for publication: packed with all that it takes to make them again, and made again."""
