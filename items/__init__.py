"""A catalogue without lost updates."""
