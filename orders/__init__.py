"""Orders at the catalogue's prices, each placed once and processed once."""
