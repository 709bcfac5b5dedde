"""Tests of the service on a local cloud, and of what sets it up."""
