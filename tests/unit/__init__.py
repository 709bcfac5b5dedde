"""Claims that need no cloud, no deploy and no browser."""
