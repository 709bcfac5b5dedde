"""Claims about the service on a local cloud, in a browser, and about what sets it up."""
