"""Claps for blog posts: each is counted once, and a viewer gives a post at most 20."""
